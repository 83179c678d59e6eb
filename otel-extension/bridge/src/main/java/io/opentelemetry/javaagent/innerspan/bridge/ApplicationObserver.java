package io.opentelemetry.javaagent.innerspan.bridge;

import org.jspecify.annotations.Nullable;

/** Told and asked by applications that use our API. Thread-safe; no method throws. */
public interface ApplicationObserver {
  /** What was read of the latest inference of this thread, or null. */
  @Nullable LastReading currentReading();

  /** An application says what came of an inference. */
  void outcome(ReportedOutcome outcome);

  /**
   * An application hands over text.
   *
   * @param kind {@code input} or {@code output}
   */
  void content(String kind, String text);

  /** Counts and (once per place) logs a fault of our own that was kept from the application. */
  void fault(String place, Throwable fault);
}
