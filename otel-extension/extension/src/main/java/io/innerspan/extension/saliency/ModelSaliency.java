package io.innerspan.extension.saliency;

import io.innerspan.recorder.ModelTelemetry;
import io.innerspan.semconv.FaultPlace;
import io.innerspan.semconv.SaliencyMissingReason;
import io.opentelemetry.javaagent.innerspan.bridge.ExplainedInferences;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyWork;
import java.util.logging.Logger;

/** Explains sampled inferences of one model. Thread-safe; never throws. */
public final class ModelSaliency implements ExplainedInferences {
  private static final Logger LOGGER = Logger.getLogger(ModelSaliency.class.getName());

  private final String name;
  private final ModelTelemetry telemetry;
  private final Explainer explainer;
  private volatile boolean unsupported;

  ModelSaliency(String name, ModelTelemetry telemetry, Explainer explainer) {
    this.name = name;
    this.telemetry = telemetry;
    this.explainer = explainer;
  }

  @Override
  public boolean isSampled() {
    return !unsupported && explainer.isSampled();
  }

  @Override
  public void explain(SaliencyWork work) {
    try {
      long bytes = work.bytes();
      if (!explainer.memory().reserve(bytes)) {
        missing(SaliencyMissingReason.MEMORY_LIMIT);
      } else if (!explainer.execute(this, work, ModelTelemetry.currentContext())) {
        explainer.memory().release(bytes);
        missing(
            explainer.isStopped()
                ? SaliencyMissingReason.OUT_OF_MEMORY
                : SaliencyMissingReason.QUEUE_FULL);
      }
    } catch (Throwable fault) {
      explainer.health().fault(FaultPlace.SALIENCY.value(), fault);
    }
  }

  @Override
  public void notExplained(SaliencyMissingException missing) {
    switch (missing.reason()) {
      case MEMORY_LIMIT -> missing(SaliencyMissingReason.MEMORY_LIMIT);
      case MODEL_CLOSED -> missing(SaliencyMissingReason.MODEL_CLOSED);
      case UNSUPPORTED -> {
        missing(SaliencyMissingReason.UNSUPPORTED);
        if (!unsupported) {
          unsupported = true;
          LOGGER.warning(
              "Innerspan: inferences of " + name + " are not explained: " + missing.getMessage());
        }
      }
    }
  }

  void missing(SaliencyMissingReason reason) {
    telemetry.notExplained(reason);
  }

  ModelTelemetry telemetry() {
    return telemetry;
  }

  Explainer explainer() {
    return explainer;
  }

  String name() {
    return name;
  }
}
