package io.innerspan.recorder;

import io.innerspan.recorder.content.ContentPolicy;
import io.innerspan.semconv.InnerspanMetrics;
import io.innerspan.signals.monitor.FindingGate;
import io.innerspan.signals.monitor.Moment;
import io.innerspan.signals.pack.ProbePack;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.logs.LoggerProvider;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.metrics.ObservableLongCounter;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.javaagent.innerspan.bridge.ApplicationObserver;
import io.opentelemetry.javaagent.innerspan.bridge.McpObserver;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * Where all telemetry goes: one per JVM. Thread-safe.
 *
 * <p>What is switched off in the settings goes to OpenTelemetry's own no-op implementations, and
 * nothing is computed for it.
 */
public final class Recorder implements AutoCloseable {
  /** The instrumentation scope of all our telemetry. */
  public static final String SCOPE = "io.innerspan";

  private final Sinks sinks;
  private final HealthCounters health;
  private final Meter meter;
  private final TextMapPropagator propagator;
  private final ObservableLongCounter collection;

  /** Generations that are not told when spans end: they end otherwise. */
  public Recorder(OpenTelemetry openTelemetry, RecorderSettings settings, String version) {
    this(openTelemetry, settings, version, new ParentEnds());
  }

  /**
   * @param openTelemetry where telemetry goes
   * @param settings what is recorded
   * @param version the product's version, for the instrumentation scope
   * @param parentEnds a span processor of this OpenTelemetry
   */
  public Recorder(
      OpenTelemetry openTelemetry,
      RecorderSettings settings,
      String version,
      ParentEnds parentEnds) {
    this(openTelemetry, settings, version, parentEnds, System::nanoTime);
  }

  Recorder(
      OpenTelemetry openTelemetry,
      RecorderSettings settings,
      String version,
      ParentEnds parentEnds,
      LongSupplier nanoTime) {
    TracerProvider tracers = openTelemetry.getTracerProvider();
    MeterProvider meters =
        settings.metrics() ? openTelemetry.getMeterProvider() : MeterProvider.noop();
    LoggerProvider loggers = openTelemetry.getLogsBridge();
    this.meter = meters.meterBuilder(SCOPE).setInstrumentationVersion(version).build();
    Instruments instruments = new Instruments(meter);
    this.propagator = openTelemetry.getPropagators().getTextMapPropagator();
    this.health = new HealthCounters(instruments);
    MetricBatches batches = new MetricBatches(health);
    Generations generations = new Generations(health, nanoTime);
    parentEnds.tell(generations);
    this.collection = collection(meter, batches, generations);
    this.sinks =
        new Sinks(
            settings,
            tracers.tracerBuilder(SCOPE).setInstrumentationVersion(version).build(),
            instruments,
            batches,
            loggers.loggerBuilder(SCOPE).setInstrumentationVersion(version).build(),
            health,
            generations,
            new BoundedNames(BoundedNames.MODELS),
            new BoundedNames(BoundedNames.ERRORS),
            new FindingGate(UUID.randomUUID().toString()),
            new ModelChanges(),
            new ModelChanges(),
            new ChangeRules(),
            () -> new Moment(nanoTime.getAsLong(), System.currentTimeMillis()),
            new CohortMetrics(
                new Cohorts(settings.cohorts().keys(), settings.cohorts().limit()), meter),
            new SliceRoom(),
            new EventRoom(nanoTime));
  }

  /**
   * Completes the histograms before each collection of this meter's metrics, and ends generations
   * that no step has come to for long.
   */
  private static ObservableLongCounter collection(
      Meter meter, MetricBatches batches, Generations generations) {
    // The SDK keeps the class loader of the thread that registers a callback: an application's
    // must not be kept.
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(null);
    try {
      return meter
          .counterBuilder(InnerspanMetrics.READING_RECORDED)
          .setUnit(InnerspanMetrics.READING_RECORDED_UNIT)
          .setDescription(InnerspanMetrics.READING_RECORDED_DESCRIPTION)
          .buildWithCallback(
              counter -> {
                generations.endIdle();
                batches.drain();
                if (batches.recorded() > 0) {
                  counter.record(batches.recorded());
                }
              });
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** What these packs say of changes holds from now on for the models that they are for. */
  public void packs(List<ProbePack> all) {
    sinks.changeRules().packs(all);
  }

  /** The telemetry of one model that an application has opened. */
  public ModelTelemetry model(ModelNames names) {
    return new ModelTelemetry(sinks, names);
  }

  /** Where text goes, as far as the policy lets it. */
  public ContentEvents content(ContentPolicy policy) {
    return new ContentEvents(policy, sinks.logger(), meter, health);
  }

  /** What takes the calls of our API. */
  public ApplicationObserver application(ContentEvents content) {
    Outcomes outcomes =
        new Outcomes(sinks.settings().events(), sinks.logger(), meter, content, health);
    return new ApplicationTelemetry(outcomes, content, health);
  }

  /** What is told of messages between an application and its tools. */
  public McpObserver mcp(ContentEvents content) {
    return new McpTelemetry(
        sinks.settings().spans(),
        sinks.tracer(),
        meter,
        propagator,
        content,
        health,
        sinks.errors());
  }

  /** Counts what goes wrong with us rather than with the application. */
  public HealthCounters health() {
    return health;
  }

  MetricBatches batches() {
    return sinks.batches();
  }

  Generations generations() {
    return sinks.generations();
  }

  /**
   * Ends the generations that are under way, puts into the histograms what still waits for it, and
   * ends the thread that does so.
   */
  @Override
  public void close() {
    sinks.generations().endAll();
    sinks.batches().drain();
    sinks.batches().stop();
    collection.close();
  }
}
