package io.innerspan.extension;

import io.innerspan.onnxruntime.graft.ModelRefusedException;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.SignalRefusal;
import io.innerspan.recorder.ModelNames;
import io.innerspan.recorder.ModelTelemetry;
import io.innerspan.semconv.FaultPlace;
import io.innerspan.semconv.RefusalReason;
import io.innerspan.signals.pack.ProbePack;
import io.opentelemetry.javaagent.innerspan.bridge.ModelObserver;
import io.opentelemetry.javaagent.innerspan.bridge.ModelOpening;
import io.opentelemetry.javaagent.innerspan.bridge.ObservedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of each model that an application opens. */
final class GraftingObserver implements ModelObserver {
  private static final Logger LOGGER = Logger.getLogger(GraftingObserver.class.getName());

  private final Lazy<Services> services;
  private final Executor background;
  private final boolean modelFilesImmutable;

  /**
   * @param services the recorder and the packs, once they are read
   * @param background where digests are computed that nobody waits for
   * @param modelFilesImmutable whether weights may be mapped from models' own files
   */
  GraftingObserver(Lazy<Services> services, Executor background, boolean modelFilesImmutable) {
    this.services = services;
    this.background = background;
    this.modelFilesImmutable = modelFilesImmutable;
  }

  /** Has what a model needs made in the background; the first one that is opened waits for it. */
  void prepare() {
    background.execute(services::get);
  }

  @Override
  public void fault(String place, Throwable fault) {
    services.get().recorder().health().fault(place, fault);
  }

  @Override
  public ObservedModel observe(ModelOpening opening) {
    if (services.get().packs().isEmpty()) {
      return plain(opening, null);
    }
    if (opening.refusal() != null) {
      return refused(
          opening, null, GraftedModel.reason(opening.refusal()), opening.refusal().detail());
    }
    try {
      return graft(opening);
    } catch (ModelRefusedException e) {
      RefusalReason reason =
          e.unreadable() ? RefusalReason.UNREADABLE_MODEL : RefusalReason.UNSUPPORTED_MODEL;
      return refused(opening, null, reason, e.reason());
    } catch (IOException e) {
      return plain(opening, null); // The engine tells the application, in its own words.
    } catch (Throwable e) { // A strange model may exhaust the stack or the heap.
      fault(FaultPlace.OPEN.value(), e);
      return refused(opening, null, RefusalReason.INTERNAL_FAULT, e.toString());
    }
  }

  private ObservedModel graft(ModelOpening opening) throws IOException, ModelRefusedException {
    Services needed = services.get();
    OnnxModel model = opening.file() != null ? OnnxModel.scan(opening.file()) : scan(opening);
    String sha256 = needed.packs().needDigest() ? ModelDigest.of(opening) : "";
    List<ProbePack> matching = needed.packs().matching(model.structure(), sha256);
    if (matching.isEmpty()) {
      return plain(opening, null);
    }
    GraftPlan plan = GraftPlan.of(model, matching, Set.of());
    String name = matching.get(0).model().name();
    ModelTelemetry telemetry = needed.recorder().model(names(opening, name));
    plan.refusals()
        .forEach(
            (signal, refusal) -> {
              telemetry.signalRefused(reason(refusal));
              LOGGER.warning(
                  "Innerspan: signal " + signal + " is not read on " + name + ": " + refusal);
            });
    if (plan.isEmpty()) {
      return refused(
          opening,
          name,
          model.layers().isEmpty() ? RefusalReason.NO_LAYER : common(plan),
          "no signal of "
              + String.join(", ", matching.stream().map(ProbePack::label).toList())
              + " can be read on it");
    }
    String described = describe(opening); // The opening itself holds the model's bytes.
    return new GraftedModel(
        name,
        model,
        telemetry,
        needed.recorder().health(),
        matching,
        plan,
        needed.sampling(),
        digest -> sayUnmatched(described, digest),
        () -> digestNowOrLater(opening, telemetry),
        modelFilesImmutable && !model.externalData() ? opening.file() : null);
  }

  /** The reason that all refused signals share, or that no signal is left. */
  private static RefusalReason common(GraftPlan plan) {
    Set<RefusalReason> reasons =
        plan.refusals().values().stream().map(GraftingObserver::reason).collect(Collectors.toSet());
    return reasons.size() == 1 ? reasons.iterator().next() : RefusalReason.NO_SIGNAL;
  }

  private static RefusalReason reason(SignalRefusal refusal) {
    return switch (refusal.reason()) {
      case NO_HOOK_POINT -> RefusalReason.NO_HOOK_POINT;
      case NO_ATTENTION_MASK -> RefusalReason.NO_ATTENTION_MASK;
      case UNSUPPORTED -> RefusalReason.UNSUPPORTED_MODEL;
    };
  }

  private static OnnxModel scan(ModelOpening opening) throws ModelRefusedException {
    if (opening.bytes() == null) {
      throw new ModelRefusedException("the model has neither a file nor bytes");
    }
    return OnnxModel.scan(opening.bytes());
  }

  private ObservedModel refused(
      ModelOpening opening, @Nullable String name, RefusalReason reason, String detail) {
    PlainModel model = plain(opening, name);
    model.telemetry().graftRefused(reason);
    LOGGER.warning(
        "Innerspan: "
            + describe(opening)
            + " runs without a graft, so without readings: "
            + detail);
    return model;
  }

  private PlainModel plain(ModelOpening opening, @Nullable String name) {
    ModelTelemetry telemetry = services.get().recorder().model(names(opening, name));
    digestNowOrLater(opening, telemetry);
    return new PlainModel(telemetry);
  }

  private void digestNowOrLater(ModelOpening opening, ModelTelemetry telemetry) {
    if (opening.bytes() != null && opening.bytes().isDirect()) {
      digest(opening, telemetry); // Its memory may be gone later.
    } else {
      background.execute(() -> digest(opening, telemetry));
    }
  }

  private void digest(ModelOpening opening, ModelTelemetry telemetry) {
    try {
      String sha256 = ModelDigest.of(opening);
      telemetry.digest(sha256);
      sayUnmatched(describe(opening), sha256);
    } catch (IOException e) {
      // The engine says so to the application, in its own words.
    } catch (Throwable e) {
      fault(FaultPlace.DIGEST.value(), e);
    }
  }

  private void sayUnmatched(String model, String sha256) {
    for (ProbePack pack : services.get().packs().unmatched(sha256)) {
      sayUnmatched(pack, model, sha256);
    }
  }

  private void sayUnmatched(ProbePack pack, String model, String sha256) {
    services.get().recorder().health().packRefused(RefusalReason.UNMATCHED);
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

  private static ModelNames names(ModelOpening opening, @Nullable String name) {
    Path file = opening.file() == null ? null : opening.file().getFileName();
    String filename = file == null ? null : file.toString();
    return new ModelNames(
        name == null && filename != null ? stem(filename) : name,
        filename,
        opening.engine(),
        opening.engineVersion());
  }

  private static String stem(String filename) {
    return filename.endsWith(".onnx")
        ? filename.substring(0, filename.length() - ".onnx".length())
        : filename;
  }

  private static String describe(ModelOpening opening) {
    return opening.file() == null ? "a model in memory" : opening.file().getFileName().toString();
  }
}
