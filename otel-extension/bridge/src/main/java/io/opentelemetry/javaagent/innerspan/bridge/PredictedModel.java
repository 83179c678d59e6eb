package io.opentelemetry.javaagent.innerspan.bridge;

/** A model whose predictions are observed. Thread-safe; no method throws. */
public interface PredictedModel {
  /**
   * A prediction begins in this thread: its span becomes current until {@link Prediction#pause} or
   * {@link Prediction#end}.
   *
   * @param batchSize how many inputs the application gave, or negative when that is unknown
   */
  Prediction predict(long batchSize);

  /**
   * A signal has no value although it has columns, for a reason that is logged and counted once.
   */
  void signalRefused(String signal, Refusal refusal);

  /** Nothing is read from now on, for a reason that is logged and counted once. */
  void notRead(Refusal refusal);

  /** Whether the inference that this thread has just made is to be explained. */
  default boolean wantsSaliency() {
    return false;
  }

  /** The inference that this thread has just made is to be explained later. */
  default void explain(SaliencyWork work) {}

  /** The inference that this thread has just made was to be explained, and is not. */
  default void notExplained(SaliencyMissingException missing) {}
}
