package io.innerspan.api.javaagent;

import io.innerspan.api.ContentKind;
import io.innerspan.api.InferenceReading;
import io.innerspan.api.Outcome;
import io.opentelemetry.javaagent.innerspan.bridge.ApplicationObserver;
import io.opentelemetry.javaagent.innerspan.bridge.InnerspanBridge;
import io.opentelemetry.javaagent.innerspan.bridge.LastReading;
import io.opentelemetry.javaagent.innerspan.bridge.ReportedOutcome;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the advice calls: the API's types on one side, the bridge's on the other. */
public final class ApiCalls {
  private static final @Nullable ApplicationObserver OBSERVER = InnerspanBridge.application();

  /**
   * What was read of the latest inference of this thread.
   *
   * @param none what the API gives without us
   */
  public static InferenceReading currentReading(InferenceReading none) {
    if (OBSERVER == null) {
      return none;
    }
    LastReading last = OBSERVER.currentReading();
    return last == null ? none : new PresentReading(last);
  }

  /** An application says what came of an inference. */
  public static void report(Outcome outcome) {
    if (OBSERVER == null) {
      return;
    }
    OBSERVER.outcome(
        new ReportedOutcome(
            outcome.kind().name().toLowerCase(Locale.ROOT),
            outcome.name(),
            outcome.label(),
            outcome.score(),
            outcome.explanation(),
            outcome.responseId(),
            outcome.traceId(),
            outcome.spanId()));
  }

  /** An application hands over text. */
  public static void content(ContentKind kind, String text) {
    if (OBSERVER != null) {
      OBSERVER.content(kind.name().toLowerCase(Locale.ROOT), text);
    }
  }

  private ApiCalls() {}
}
