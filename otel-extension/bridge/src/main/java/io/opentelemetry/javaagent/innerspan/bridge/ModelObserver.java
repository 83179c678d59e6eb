package io.opentelemetry.javaagent.innerspan.bridge;

/** Told by an engine's side of each model that an application opens. Thread-safe. */
public interface ModelObserver {
  /**
   * Plans what to do with a model which the application opens, perhaps while it does so; never
   * throws.
   */
  ObservedModel observe(ModelOpening opening);

  /**
   * The same for an engine that opens a copy of the model.
   *
   * @param graftLikely called in this thread as soon as a graft is likely and needs a copy of the
   *     whole model, which can be made meanwhile; perhaps never, and the graft may still come to
   *     nothing
   */
  default ObservedModel observe(ModelOpening opening, Runnable graftLikely) {
    return observe(opening);
  }

  /** Counts and (once per place) logs a fault of our own that was kept from the application. */
  void fault(String place, Throwable fault);
}
