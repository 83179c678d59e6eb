package io.innerspan.extension;

import io.innerspan.extension.saliency.ModelSaliency;
import io.innerspan.onnxruntime.graft.KvCache;
import io.innerspan.recorder.ModelTelemetry;
import io.opentelemetry.javaagent.innerspan.bridge.CacheInput;
import io.opentelemetry.javaagent.innerspan.bridge.ExplainedInferences;
import io.opentelemetry.javaagent.innerspan.bridge.GraftOverlay;
import io.opentelemetry.javaagent.innerspan.bridge.Inference;
import io.opentelemetry.javaagent.innerspan.bridge.ModelInput;
import io.opentelemetry.javaagent.innerspan.bridge.ObservedModel;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A model that runs as the application gave it: spans and durations, no readings. */
final class PlainModel implements ObservedModel {
  private final ModelTelemetry telemetry;
  private final ModelSaliency saliency;
  private volatile @Nullable CacheInput cacheInput;

  private volatile Runnable whenOpened = () -> {};

  PlainModel(ModelTelemetry telemetry, ModelSaliency saliency) {
    this.telemetry = telemetry;
    this.saliency = saliency;
  }

  ModelTelemetry telemetry() {
    return telemetry;
  }

  /** Says what is to be told if the engine opens the model. */
  void whenOpened(Runnable told) {
    whenOpened = told;
  }

  /** From now on runs that share a cache are told as one generation. */
  void cache(@Nullable KvCache cache) {
    cacheInput = cacheInput(cache);
  }

  /** The input of a cache that tells its length, or null. */
  static @Nullable CacheInput cacheInput(@Nullable KvCache cache) {
    return cache == null
        ? null
        : new CacheInput(cache.pastInputs().get(0).name(), cache.lengthAxis());
  }

  @Override
  public @Nullable CacheInput cacheInput() {
    return cacheInput;
  }

  @Override
  public @Nullable GraftOverlay overlay() {
    return null;
  }

  @Override
  public @Nullable GraftOverlay overlayWithout(Set<String> droppedTaps) {
    return null;
  }

  @Override
  public void tapDropped(String tap, Refusal refusal) {}

  @Override
  public void opened() {
    whenOpened.run();
  }

  @Override
  public void notGrafted(Refusal refusal) {}

  @Override
  public void digest(String sha256) {
    telemetry.digest(sha256);
  }

  @Override
  public List<ModelInput> goldenInputs() {
    return List.of();
  }

  @Override
  public void goldenReading(int index, float[] reading, int rows) {}

  @Override
  public void goldenFailed(int index, String detail) {}

  @Override
  public void certified() {}

  @Override
  public void answering() {}

  @Override
  public Inference start(long batchSize, long elements, long cachedTokens) {
    return telemetry.start(batchSize, 0, cachedTokens);
  }

  @Override
  public ExplainedInferences saliency() {
    return saliency;
  }

  @Override
  public void closed() {
    telemetry.closed();
  }
}
