package io.innerspan.extension;

import io.innerspan.onnxruntime.graft.KvCache;
import io.innerspan.onnxruntime.graft.ModelRefusedException;
import io.innerspan.onnxruntime.graft.ModelStructure;
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
  private final KnownModels models = new KnownModels();

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

  /** Has what a model needs made in the background; whoever observes the first one waits for it. */
  void prepare() {
    background.execute(services::get);
  }

  @Override
  public void fault(String place, Throwable fault) {
    services.get().recorder().health().fault(place, fault);
  }

  @Override
  public ObservedModel observe(ModelOpening opening) {
    return observe(opening, () -> {});
  }

  @Override
  public ObservedModel observe(ModelOpening opening, Runnable graftLikely) {
    if (services.get().readNothing()) {
      return unscanned(opening);
    }
    if (opening.refusal() != null) {
      return refused(
          opening,
          unscanned(opening),
          GraftedModel.reason(opening.refusal()),
          opening.refusal().detail());
    }
    try {
      return graft(opening, graftLikely);
    } catch (ModelRefusedException e) {
      RefusalReason reason =
          e.unreadable() ? RefusalReason.UNREADABLE_MODEL : RefusalReason.UNSUPPORTED_MODEL;
      return refused(opening, plain(opening, null, null), reason, e.reason());
    } catch (IOException e) {
      // The engine tells the application, in its own words, unless the file went away just now.
      PlainModel unread = plain(opening, null, null);
      String why = "its file could not be read: " + e;
      unread.whenOpened(() -> refused(opening, unread, RefusalReason.INTERNAL_FAULT, why));
      return unread;
    } catch (Throwable e) { // A strange model may exhaust the stack or the heap.
      fault(FaultPlace.OPEN.value(), e);
      return refused(
          opening, plain(opening, null, null), RefusalReason.INTERNAL_FAULT, e.toString());
    }
  }

  private ObservedModel graft(ModelOpening opening, Runnable graftLikely)
      throws IOException, ModelRefusedException {
    Services needed = services.get();
    ModelStructure structure = structure(opening);
    KnownModel known = models.find(structure);
    String sha256 = needed.packs().needDigest() ? ModelDigest.of(opening) : "";
    String fingerprint = known == null ? structure.fingerprint() : known.model().structure();
    List<ProbePack> matching = needed.packs().matching(fingerprint, sha256);
    if (!matching.isEmpty() && !isMapped(opening)) {
      boolean external = known == null ? structure.externalData() : known.model().externalData();
      if (!external) {
        graftLikely.run();
      }
    }
    if (known == null) {
      known = models.scan(structure);
    }
    OnnxModel model = known.model();
    if (matching.isEmpty() && needed.anyModel()) {
      ProbePack any = anyModelPack(opening, model);
      return any == null
          ? refused(
              opening,
              plain(opening, null, model.cache()),
              RefusalReason.NO_LAYER,
              "it has no layer, activation or output whose norm could be read")
          : graft(opening, known, List.of(any));
    }
    return matching.isEmpty()
        ? plain(opening, null, model.cache())
        : graft(opening, known, matching);
  }

  /** Whether weights may be mapped from the model's own file. */
  private boolean isMapped(ModelOpening opening) {
    return modelFilesImmutable && opening.file() != null;
  }

  private static @Nullable ProbePack anyModelPack(ModelOpening opening, OnnxModel model)
      throws IOException {
    String name = names(opening, null).name();
    return AnyModelPack.of(model, name == null ? "" : name, ModelDigest.of(opening));
  }

  private ObservedModel graft(ModelOpening opening, KnownModel known, List<ProbePack> matching) {
    Services needed = services.get();
    OnnxModel model = known.model();
    GraftPlan plan = known.plan(matching, needed.sampling().gating());
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
          plain(opening, name, model.cache(), matching),
          model.layers().isEmpty() ? RefusalReason.NO_LAYER : common(plan),
          "no signal of "
              + String.join(", ", matching.stream().map(ProbePack::label).toList())
              + " can be read on it");
    }
    Path mapped = isMapped(opening) && !model.externalData() ? opening.file() : null;
    Certificates.Certified certified =
        needed
            .certificates()
            .find(opening, model, matching, needed.sampling().gating(), mapped == null);
    String described = describe(opening); // The opening itself holds the model's bytes.
    String ownName = names(opening, null).name();
    return new GraftedModel(
        name,
        model,
        telemetry,
        needed.explainer().of(name, telemetry),
        needed.recorder().health(),
        matching,
        certified == null ? plan : certified.plan(),
        certified == null ? null : certified.certificate(),
        needed.sampling(),
        needed.canaries(),
        digest -> needed.sayUnmatched(described, ownName, digest, matching, telemetry),
        () -> digestNowOrLater(opening, matching, telemetry),
        tokenizer(opening, name, telemetry),
        mapped);
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

  private static ModelStructure structure(ModelOpening opening)
      throws IOException, ModelRefusedException {
    if (opening.file() != null) {
      return ModelStructure.of(opening.file());
    }
    if (opening.bytes() == null) {
      throw new ModelRefusedException("the model has neither a file nor bytes");
    }
    return ModelStructure.of(opening.bytes());
  }

  private ObservedModel refused(
      ModelOpening opening, PlainModel model, RefusalReason reason, String detail) {
    model.telemetry().graftRefused(reason);
    LOGGER.warning(
        "Innerspan: "
            + describe(opening)
            + " runs without a graft, so without readings: "
            + detail);
    return model;
  }

  /** A model that no pack is looked for: whether it has a cache is found out as the digest is. */
  private PlainModel unscanned(ModelOpening opening) {
    PlainModel model = model(opening, null);
    nowOrLater(opening, () -> model.cache(cache(opening)));
    digestNowOrLater(opening, List.of(), model.telemetry());
    tokenizer(opening, describe(opening), model.telemetry());
    return model;
  }

  private PlainModel plain(ModelOpening opening, @Nullable String name, @Nullable KvCache cache) {
    return plain(opening, name, cache, List.of());
  }

  /**
   * @param fitting packs that were chosen for it without its digest
   */
  private PlainModel plain(
      ModelOpening opening,
      @Nullable String name,
      @Nullable KvCache cache,
      List<ProbePack> fitting) {
    PlainModel model = model(opening, name);
    model.cache(cache);
    digestNowOrLater(opening, fitting, model.telemetry());
    tokenizer(opening, describe(opening), model.telemetry());
    return model;
  }

  private PlainModel model(ModelOpening opening, @Nullable String name) {
    ModelTelemetry telemetry = services.get().recorder().model(names(opening, name));
    return new PlainModel(telemetry, services.get().explainer().of(describe(opening), telemetry));
  }

  private @Nullable KvCache cache(ModelOpening opening) {
    try {
      return structure(opening).cache();
    } catch (IOException | ModelRefusedException e) {
      return null; // Nobody asked for readings.
    } catch (Throwable e) {
      fault(FaultPlace.OPEN.value(), e);
      return null;
    }
  }

  private void digestNowOrLater(
      ModelOpening opening, List<ProbePack> fitting, ModelTelemetry telemetry) {
    nowOrLater(opening, () -> digest(opening, fitting, telemetry));
  }

  private void nowOrLater(ModelOpening opening, Runnable work) {
    if (opening.bytes() != null && opening.bytes().isDirect()) {
      work.run(); // Its memory may be gone later.
    } else {
      background.execute(work);
    }
  }

  private void digest(ModelOpening opening, List<ProbePack> fitting, ModelTelemetry telemetry) {
    try {
      String sha256 = ModelDigest.of(opening);
      telemetry.digest(sha256);
      String name = names(opening, null).name();
      services.get().sayUnmatched(describe(opening), name, sha256, fitting, telemetry);
    } catch (IOException e) {
      // The engine says so to the application, in its own words.
    } catch (Throwable e) {
      fault(FaultPlace.DIGEST.value(), e);
    }
  }

  private TokenizerCheck tokenizer(ModelOpening opening, String name, ModelTelemetry telemetry) {
    TokenizerCheck check = new TokenizerCheck(name, telemetry, services.get().recorder().health());
    Path file = opening.file();
    if (file != null) {
      background.execute(() -> check.look(file));
    }
    return check;
  }

  private static ModelNames names(ModelOpening opening, @Nullable String name) {
    Path file = opening.file() == null ? null : opening.file().getFileName();
    String filename = file == null ? null : file.toString();
    return new ModelNames(
        name == null && filename != null ? stem(filename) : name,
        filename,
        opening.engine(),
        opening.engineVersion(),
        opening.file() == null ? null : opening.file().toAbsolutePath().toString());
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
