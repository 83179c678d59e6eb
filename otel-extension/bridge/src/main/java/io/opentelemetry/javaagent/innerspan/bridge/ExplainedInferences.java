package io.opentelemetry.javaagent.innerspan.bridge;

/** Told of a model's inferences that may be explained. Thread-safe; no method throws. */
public interface ExplainedInferences {
  /** Whether the inference that this thread has just made is to be explained. */
  boolean isSampled();

  /** The inference that this thread has just made is to be explained later. */
  void explain(SaliencyWork work);

  /** The inference that this thread has just made was to be explained, and is not. */
  void notExplained(SaliencyMissingException missing);
}
