package io.innerspan.recorder;

import io.innerspan.semconv.ContentKind;
import io.innerspan.semconv.FaultPlace;
import io.opentelemetry.context.Context;
import io.opentelemetry.javaagent.innerspan.bridge.ApplicationObserver;
import io.opentelemetry.javaagent.innerspan.bridge.LastReading;
import io.opentelemetry.javaagent.innerspan.bridge.ReportedOutcome;
import org.jspecify.annotations.Nullable;

/** What applications tell and ask through our API. Thread-safe; no method throws. */
final class ApplicationTelemetry implements ApplicationObserver {
  private final Outcomes outcomes;
  private final ContentEvents content;
  private final HealthCounters health;

  ApplicationTelemetry(Outcomes outcomes, ContentEvents content, HealthCounters health) {
    this.outcomes = outcomes;
    this.content = content;
    this.health = health;
  }

  @Override
  public @Nullable LastReading currentReading() {
    try {
      return LastReadings.current();
    } catch (Throwable fault) {
      health.fault(FaultPlace.API.value(), fault);
      return null;
    }
  }

  @Override
  public void outcome(ReportedOutcome outcome) {
    outcomes.report(outcome, Context.current());
  }

  @Override
  public void content(String kind, String text) {
    Context context = Context.current();
    if (content.takes(context)) {
      boolean input = kind.equals(ContentKind.INPUT.value());
      content.emit(input ? ContentKind.INPUT : ContentKind.OUTPUT, text, context);
    }
  }

  @Override
  public void fault(String place, Throwable fault) {
    health.fault(place, fault);
  }
}
