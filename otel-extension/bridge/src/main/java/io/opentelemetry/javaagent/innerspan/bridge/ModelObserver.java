package io.opentelemetry.javaagent.innerspan.bridge;

/** Told by an engine's side of each model that an application opens. Thread-safe. */
public interface ModelObserver {
  /** Plans what to do with a model which the application is about to open; never throws. */
  ObservedModel observe(ModelOpening opening);

  /** Counts and (once per place) logs a fault of our own that was kept from the application. */
  void fault(String place, Throwable fault);
}
