package io.innerspan.extension.saliency;

import io.innerspan.recorder.HealthCounters;
import io.innerspan.recorder.ModelTelemetry;
import io.innerspan.semconv.FaultPlace;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.context.Context;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyWork;
import java.util.concurrent.ThreadLocalRandom;

/** Explains sampled inferences, for all models of the JVM. Thread-safe; never throws. */
public final class Explainer {
  /** The baggage entry that asks for an explanation, and what it must hold. */
  static final String BAGGAGE = "innerspan.saliency";

  private static final String ASKED = "true";

  private final SaliencySettings settings;
  private final HealthCounters health;
  private final MemoryLimit memory;
  private final SaliencyThread thread;

  public Explainer(SaliencySettings settings, HealthCounters health) {
    this.settings = settings;
    this.health = health;
    this.memory = new MemoryLimit(settings.memoryBytes());
    this.thread = new SaliencyThread(fault -> health.fault(FaultPlace.SALIENCY.value(), fault));
  }

  /** Explains the inferences of a model. */
  public ModelSaliency of(String name, ModelTelemetry telemetry) {
    return new ModelSaliency(name, telemetry, this);
  }

  /** Whether the inference that this thread makes is to be explained. */
  boolean isSampled() {
    return settings.isOn()
        && !isStopped()
        && (isDemanded()
            || (settings.rate() > 0 && ThreadLocalRandom.current().nextDouble() < settings.rate()));
  }

  /** Whether memory ran out, and nothing is explained any more. */
  boolean isStopped() {
    return thread.isStopped();
  }

  private boolean isDemanded() {
    return settings.onDemand() && ASKED.equals(Baggage.current().getEntryValue(BAGGAGE));
  }

  SaliencySettings settings() {
    return settings;
  }

  MemoryLimit memory() {
    return memory;
  }

  HealthCounters health() {
    return health;
  }

  /** Whether the work will be done. */
  boolean execute(ModelSaliency model, SaliencyWork work, Context context) {
    return thread.execute(new Explaining(model, work, context));
  }
}
