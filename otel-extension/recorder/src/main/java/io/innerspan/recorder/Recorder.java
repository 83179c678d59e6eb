package io.innerspan.recorder;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.logs.LoggerProvider;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.TracerProvider;

/**
 * Where all telemetry goes: one per JVM. Thread-safe.
 *
 * <p>What is switched off in the settings goes to OpenTelemetry's own no-op implementations, and
 * nothing is computed for it.
 */
public final class Recorder {
  static final String SCOPE = "io.innerspan";

  private final Sinks sinks;
  private final HealthCounters health;

  /**
   * @param openTelemetry where telemetry goes
   * @param settings what is recorded
   * @param version the product's version, for the instrumentation scope
   */
  public Recorder(OpenTelemetry openTelemetry, RecorderSettings settings, String version) {
    TracerProvider tracers = openTelemetry.getTracerProvider();
    MeterProvider meters =
        settings.metrics() ? openTelemetry.getMeterProvider() : MeterProvider.noop();
    LoggerProvider loggers = openTelemetry.getLogsBridge();
    Instruments instruments =
        new Instruments(meters.meterBuilder(SCOPE).setInstrumentationVersion(version).build());
    this.health = new HealthCounters(instruments);
    this.sinks =
        new Sinks(
            settings,
            tracers.tracerBuilder(SCOPE).setInstrumentationVersion(version).build(),
            instruments,
            loggers.loggerBuilder(SCOPE).setInstrumentationVersion(version).build(),
            health,
            new BoundedNames(BoundedNames.MODELS),
            new BoundedNames(BoundedNames.ERRORS));
  }

  /** The telemetry of one model that an application has opened. */
  public ModelTelemetry model(ModelNames names) {
    return new ModelTelemetry(sinks, names);
  }

  /** Counts what goes wrong with us rather than with the application. */
  public HealthCounters health() {
    return health;
  }
}
