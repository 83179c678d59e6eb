package io.innerspan.extension.saliency;

import io.innerspan.onnxruntime.graft.EmbeddingPatch;
import io.innerspan.onnxruntime.graft.ModelRefusedException;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.recorder.ModelTelemetry;
import io.innerspan.semconv.FaultPlace;
import io.innerspan.semconv.SaliencyMissingReason;
import io.opentelemetry.javaagent.innerspan.bridge.ExplainedInferences;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException.Reason;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyWork;
import io.opentelemetry.javaagent.innerspan.bridge.TokenEmbedding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.logging.Logger;

/** Explains sampled inferences of one model. Thread-safe. */
public final class ModelSaliency implements ExplainedInferences {
  private static final Logger LOGGER = Logger.getLogger(ModelSaliency.class.getName());

  private final String name;
  private final ModelTelemetry telemetry;
  private final Explainer explainer;
  private volatile boolean unsupported;
  private volatile boolean occluded;

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

  @Override
  public TokenEmbedding embedding(Path model, String ids)
      throws SaliencyMissingException, IOException {
    try {
      EmbeddingPatch patch = EmbeddingPatch.compile(OnnxModel.scan(model), ids);
      LOGGER.info("Innerspan: tokens of " + name + " are explained from " + patch.tensor());
      return new TokenEmbedding(
          patch.tensor(),
          patch.edits(model),
          patch.overlay(),
          patch.maskInput(),
          patch.valuesInput());
    } catch (ModelRefusedException e) {
      throw new SaliencyMissingException(Reason.UNSUPPORTED, e.reason());
    }
  }

  @Override
  public void occluded(String reason) {
    if (!occluded) {
      occluded = true;
      LOGGER.warning("Innerspan: tokens of " + name + " are explained by occlusion: " + reason);
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
