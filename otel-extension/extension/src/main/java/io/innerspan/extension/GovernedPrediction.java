package io.innerspan.extension;

import io.innerspan.extension.governor.Governor;
import io.opentelemetry.javaagent.innerspan.bridge.Prediction;
import org.jspecify.annotations.Nullable;

/** A prediction whose cost is measured. */
final class GovernedPrediction implements Prediction {
  private final Prediction prediction;
  private final Governor governor;
  private final long openGates;

  GovernedPrediction(Prediction prediction, Governor governor, long openGates) {
    this.prediction = prediction;
    this.governor = governor;
    this.openGates = openGates;
  }

  @Override
  public long openGates() {
    return openGates;
  }

  @Override
  public void phase(Phase next) {
    prediction.phase(next);
  }

  @Override
  public void phaseEnded() {
    prediction.phaseEnded();
  }

  @Override
  public void read(float[] reading, int rows) {
    prediction.read(reading, rows);
  }

  @Override
  public void worked(long elements, long nanos) {
    governor.ended(openGates, elements, -1, nanos);
  }

  @Override
  public void pause() {
    prediction.pause();
  }

  @Override
  public void resume() {
    prediction.resume();
  }

  @Override
  public void abandoned() {
    prediction.abandoned();
  }

  @Override
  public void end(float @Nullable [] reading, int rows, @Nullable Throwable failure) {
    prediction.end(reading, rows, failure);
  }
}
