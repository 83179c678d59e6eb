package io.innerspan.recorder;

import io.opentelemetry.javaagent.innerspan.bridge.Prediction;
import org.jspecify.annotations.Nullable;

/** A prediction that could not be begun. */
final class NoPrediction implements Prediction {
  static final Prediction INSTANCE = new NoPrediction();

  @Override
  public void phase(Phase next) {}

  @Override
  public void phaseEnded() {}

  @Override
  public void read(float[] reading, int rows) {}

  @Override
  public void worked(long elements, long nanos) {}

  @Override
  public void pause() {}

  @Override
  public void resume() {}

  @Override
  public void abandoned() {}

  @Override
  public void end(float @Nullable [] reading, int rows, @Nullable Throwable failure) {}

  private NoPrediction() {}
}
