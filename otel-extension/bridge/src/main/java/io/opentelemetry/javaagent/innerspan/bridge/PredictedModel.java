package io.opentelemetry.javaagent.innerspan.bridge;

import org.jspecify.annotations.Nullable;

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

  /** A stream begins, in which nothing is read; logged and counted once where packs are read. */
  default void streams() {}

  /** Where inferences that may be explained are told; null where none is. */
  default @Nullable ExplainedInferences saliency() {
    return null;
  }
}
