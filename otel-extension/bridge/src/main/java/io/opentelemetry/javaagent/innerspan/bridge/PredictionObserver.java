package io.opentelemetry.javaagent.innerspan.bridge;

/** Told by a framework's side of each model that an application predicts with. Thread-safe. */
public interface PredictionObserver {
  /** Has a model's predictions observed; never throws. */
  PredictedModel observe(LoadedModel loaded);
}
