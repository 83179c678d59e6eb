package io.innerspan.extension;

import io.opentelemetry.javaagent.innerspan.bridge.ApplicationObserver;
import io.opentelemetry.javaagent.innerspan.bridge.LastReading;
import io.opentelemetry.javaagent.innerspan.bridge.ReportedOutcome;
import org.jspecify.annotations.Nullable;

/** Takes the calls of our API from the start on, and makes what serves them with the first. */
final class LazyApplication implements ApplicationObserver {
  private final Lazy<Services> services;

  LazyApplication(Lazy<Services> services) {
    this.services = services;
  }

  @Override
  public @Nullable LastReading currentReading() {
    return services.get().application().currentReading();
  }

  @Override
  public void outcome(ReportedOutcome outcome) {
    services.get().application().outcome(outcome);
  }

  @Override
  public void content(String kind, String text) {
    services.get().application().content(kind, text);
  }

  @Override
  public void fault(String place, Throwable fault) {
    services.get().application().fault(place, fault);
  }
}
