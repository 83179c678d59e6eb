package io.opentelemetry.javaagent.innerspan.bridge;

import java.util.List;

/**
 * Told by a framework's side of each model that an application predicts with. Thread-safe; no
 * method throws.
 */
public interface PredictionObserver {
  /** Whether there are packs, so that the digest of a model is needed to find those for it. */
  boolean wantsDigests();

  /**
   * The packs for a model.
   *
   * @param sha256 the model's SHA-256 in lowercase hexadecimal
   */
  List<PackFiles> packs(String sha256);

  /** Has a model's predictions observed. */
  PredictedModel observe(LoadedModel loaded);

  /** Whether texts that applications predict with are wanted. */
  default boolean capturesContent() {
    return false;
  }

  /**
   * The prediction that this thread is in was given a text, or gave one.
   *
   * @param kind {@code input} or {@code output}
   */
  default void content(String kind, String text) {}

  /** Counts and (once per place) logs a fault of our own that was kept from the application. */
  void fault(String place, Throwable fault);
}
