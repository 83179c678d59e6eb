package io.innerspan.extension;

import io.innerspan.extension.canary.Canaries;
import io.innerspan.extension.saliency.Explainer;
import io.innerspan.recorder.ContentEvents;
import io.innerspan.recorder.ModelTelemetry;
import io.innerspan.recorder.Recorder;
import io.innerspan.semconv.RefusalReason;
import io.innerspan.signals.pack.ProbePack;
import io.opentelemetry.javaagent.innerspan.bridge.ApplicationObserver;
import io.opentelemetry.javaagent.innerspan.bridge.McpObserver;
import java.util.List;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What the observation of a model needs, made after the application began to start.
 *
 * @param certificates what was certified beforehand
 * @param sampling when signals behind gates are computed
 * @param canaries replays recorded inputs
 * @param explainer explains sampled inferences
 * @param content where text goes
 * @param application takes the calls of our API
 * @param mcp is told of messages between applications and their tools
 * @param anyModel whether models that no pack is for are read too
 */
record Services(
    Recorder recorder,
    Packs packs,
    Certificates certificates,
    Sampling sampling,
    Canaries canaries,
    Explainer explainer,
    ContentEvents content,
    ApplicationObserver application,
    McpObserver mcp,
    boolean anyModel) {
  private static final Logger LOGGER = Logger.getLogger(Services.class.getName());

  /** Whether nothing can be read on any model. */
  boolean readNothing() {
    return packs.isEmpty() && !anyModel;
  }

  /**
   * Says of the packs that fit a model, and are for another one, and of each pack that has found no
   * model so far that it is not for this one.
   *
   * @param model what to call it
   * @param name the name that the application gave it, or null
   * @param fitting packs that were chosen for it without its digest
   */
  void sayUnmatched(
      String model,
      @Nullable String name,
      String sha256,
      List<ProbePack> fitting,
      ModelTelemetry telemetry) {
    for (ProbePack pack : packs.mismatched(name, sha256, fitting)) {
      telemetry.modelMismatch(pack, sha256);
    }
    for (ProbePack pack : packs.unmatched(sha256)) {
      recorder.health().packRefused(RefusalReason.UNMATCHED);
      LOGGER.warning(
          "Innerspan: pack "
              + pack.label()
              + " matches no session so far: expected model "
              + pack.model().name()
              + " with sha256:"
              + pack.model().sha256()
              + ", found "
              + model
              + " with sha256:"
              + sha256);
    }
  }
}
