package io.innerspan.extension;

import io.innerspan.extension.saliency.ModelSaliency;
import io.innerspan.recorder.ModelNames;
import io.innerspan.recorder.ModelTelemetry;
import io.innerspan.semconv.ContentKind;
import io.innerspan.semconv.FaultPlace;
import io.innerspan.semconv.RefusalReason;
import io.innerspan.signals.pack.PackContent;
import io.innerspan.signals.pack.ProbePack;
import io.opentelemetry.context.Context;
import io.opentelemetry.javaagent.innerspan.bridge.LoadedModel;
import io.opentelemetry.javaagent.innerspan.bridge.PackFiles;
import io.opentelemetry.javaagent.innerspan.bridge.PredictedModel;
import io.opentelemetry.javaagent.innerspan.bridge.PredictionObserver;
import io.opentelemetry.javaagent.innerspan.bridge.ReadSignals;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Models that frameworks above the engines predict with: spans and durations for all of them,
 * readings where packs are for them.
 */
final class PredictorModels implements PredictionObserver {
  private static final Logger LOGGER = Logger.getLogger(PredictorModels.class.getName());
  private static final int REMEMBERED_NAMES = 100;

  private final Lazy<Services> services;
  private final Executor background;

  /** The digest that packs were chosen by for a model of this name. */
  private final Map<String, String> readByName = new ConcurrentHashMap<>();

  /**
   * @param services the recorder and the packs, once they are read
   * @param background where digests are computed that nobody waits for
   */
  PredictorModels(Lazy<Services> services, Executor background) {
    this.services = services;
    this.background = background;
  }

  @Override
  public boolean wantsDigests() {
    return services.get().packs().needDigest();
  }

  @Override
  public List<PackFiles> packs(String sha256) {
    return services.get().packs().matching("", sha256).stream()
        .map(pack -> new PackFiles(pack.label(), PackContent.of(pack)))
        .toList();
  }

  @Override
  public boolean capturesContent() {
    return services.get().content().isOn();
  }

  @Override
  public void content(String kind, String text) {
    try {
      Context context = ModelTelemetry.currentContext();
      if (services.get().content().takes(context)) {
        boolean input = kind.equals(ContentKind.INPUT.value());
        services
            .get()
            .content()
            .emit(input ? ContentKind.INPUT : ContentKind.OUTPUT, text, context);
      }
    } catch (Throwable e) {
      fault(FaultPlace.CONTENT.value(), e);
    }
  }

  @Override
  public void fault(String place, Throwable fault) {
    services.get().recorder().health().fault(place, fault);
  }

  @Override
  public PredictedModel observe(LoadedModel loaded) {
    ModelTelemetry telemetry = services.get().recorder().model(names(loaded));
    if (loaded.sha256() != null) {
      telemetry.digest(loaded.sha256());
    } else if (loaded.file() != null) {
      Path file = loaded.file();
      background.execute(() -> digest(file, telemetry));
    }
    try {
      return model(loaded, telemetry, tokenizer(loaded, telemetry));
    } catch (RuntimeException | Error e) {
      fault(FaultPlace.OPEN.value(), e);
      return PredictorModel.unread(describe(loaded), telemetry, saliency(loaded, telemetry));
    }
  }

  private TokenizerCheck tokenizer(LoadedModel loaded, ModelTelemetry telemetry) {
    TokenizerCheck check =
        new TokenizerCheck(describe(loaded), telemetry, services.get().recorder().health());
    Path file = loaded.file();
    if (file != null) {
      background.execute(() -> check.look(file));
    }
    return check;
  }

  private PredictedModel model(
      LoadedModel loaded, ModelTelemetry telemetry, TokenizerCheck tokenizer) {
    ReadSignals reads = loaded.reads();
    String sha256 = loaded.sha256();
    if (reads == null || sha256 == null) {
      PredictorModel unread =
          PredictorModel.unread(describe(loaded), telemetry, saliency(loaded, telemetry));
      if (reads != null && reads.refusal() != null) {
        unread.notRead(reads.refusal());
      } else {
        sayUnmatched(loaded, telemetry);
      }
      return unread;
    }
    if (loaded.name() != null && readByName.size() < REMEMBERED_NAMES) {
      readByName.put(loaded.name(), sha256);
    }
    List<ProbePack> packs = services.get().packs().matching("", sha256);
    tokenizer.reading(packs);
    return PredictorModel.read(
        describe(loaded),
        sha256,
        telemetry,
        saliency(loaded, telemetry),
        services.get().recorder().health(),
        reads,
        packs,
        services.get().sampling());
  }

  private ModelSaliency saliency(LoadedModel loaded, ModelTelemetry telemetry) {
    return services.get().explainer().of(describe(loaded), telemetry);
  }

  private void sayUnmatched(LoadedModel loaded, ModelTelemetry telemetry) {
    String sha256 = loaded.sha256();
    if (sha256 == null) {
      return;
    }
    String before = loaded.name() == null ? null : readByName.get(loaded.name());
    List<ProbePack> fitting = List.of();
    if (before != null) {
      readByName.remove(loaded.name());
      fitting = services.get().packs().matching("", before);
      for (ProbePack pack : fitting) {
        services.get().recorder().health().packRefused(RefusalReason.MODEL_DIGEST);
        LOGGER.warning(
            "Innerspan: pack "
                + pack.label()
                + " gives no reading on "
                + describe(loaded)
                + ": it was loaded again with other weights: expected sha256:"
                + before
                + ", found sha256:"
                + sha256);
      }
    }
    services.get().sayUnmatched(describe(loaded), loaded.name(), sha256, fitting, telemetry);
  }

  private void digest(Path file, ModelTelemetry telemetry) {
    try {
      telemetry.digest(ModelDigest.of(file));
    } catch (IOException e) {
      // It was loaded from there, and is gone: the model goes without a digest.
    } catch (Throwable e) {
      fault(FaultPlace.DIGEST.value(), e);
    }
  }

  private static String describe(LoadedModel loaded) {
    String filename = filename(loaded.file());
    return loaded.name() != null ? loaded.name() : filename == null ? "a model" : filename;
  }

  private static ModelNames names(LoadedModel loaded) {
    return new ModelNames(
        loaded.name(),
        filename(loaded.file()),
        loaded.engine(),
        loaded.engineVersion(),
        loaded.file() == null ? null : loaded.file().toAbsolutePath().toString());
  }

  private static @Nullable String filename(@Nullable Path file) {
    Path last = file == null ? null : file.getFileName();
    return last == null ? null : last.toString();
  }
}
