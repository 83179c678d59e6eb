package io.innerspan.extension;

import io.innerspan.recorder.ModelNames;
import io.innerspan.recorder.ModelTelemetry;
import io.innerspan.semconv.FaultPlace;
import io.opentelemetry.javaagent.innerspan.bridge.LoadedModel;
import io.opentelemetry.javaagent.innerspan.bridge.PredictedModel;
import io.opentelemetry.javaagent.innerspan.bridge.PredictionObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Gives spans and durations to models that frameworks above the engines predict with. */
final class PredictorModels implements PredictionObserver {
  private final Lazy<Services> services;
  private final Executor background;

  /**
   * @param services the recorder, once it is made
   * @param background where digests are computed
   */
  PredictorModels(Lazy<Services> services, Executor background) {
    this.services = services;
    this.background = background;
  }

  @Override
  public PredictedModel observe(LoadedModel loaded) {
    ModelTelemetry telemetry = services.get().recorder().model(names(loaded));
    Path file = loaded.file();
    if (file != null) {
      background.execute(() -> digest(file, telemetry));
    }
    return batchSize -> telemetry.predict(batchSize, 0);
  }

  private void digest(Path file, ModelTelemetry telemetry) {
    try {
      telemetry.digest(ModelDigest.of(file));
    } catch (IOException e) {
      // It was loaded from there, and is gone: the model goes without a digest.
    } catch (Throwable e) {
      services.get().recorder().health().fault(FaultPlace.DIGEST.value(), e);
    }
  }

  private static ModelNames names(LoadedModel loaded) {
    return new ModelNames(
        loaded.name(), filename(loaded.file()), loaded.engine(), loaded.engineVersion());
  }

  private static @Nullable String filename(@Nullable Path file) {
    Path last = file == null ? null : file.getFileName();
    return last == null ? null : last.toString();
  }
}
