package io.innerspan.extension;

import io.innerspan.recorder.ModelTelemetry;
import io.opentelemetry.javaagent.innerspan.bridge.GraftOverlay;
import io.opentelemetry.javaagent.innerspan.bridge.Inference;
import io.opentelemetry.javaagent.innerspan.bridge.ModelInput;
import io.opentelemetry.javaagent.innerspan.bridge.ObservedModel;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A model that runs as the application gave it: spans and durations, no readings. */
record PlainModel(ModelTelemetry telemetry) implements ObservedModel {
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
  public Inference start(long batchSize, long elements) {
    return telemetry.start(batchSize, 0);
  }

  @Override
  public void closed() {}
}
