package io.innerspan.recorder;

import io.innerspan.signals.Reading;
import io.opentelemetry.api.common.AttributeKey;
import org.jspecify.annotations.Nullable;

/** Keeps of one signal the step that tells most, and a mean over all steps. */
class PeakStep implements SignalSteps {
  private static final int ATTRIBUTES = 2;

  private final SignalRecorder recorder;
  private final Slice slice;
  private final AttributeKey<Long> peakKey;
  private final AttributeKey<Double> meanKey;
  private @Nullable Reading kept;
  private double highest = Double.NaN;
  private int peak;
  private double sum;
  private long count;

  /**
   * @param id the signal's
   * @param slice whose first signal is the recorder's
   */
  PeakStep(String id, SignalRecorder recorder, Slice slice) {
    this.recorder = recorder;
    this.slice = slice;
    this.peakKey = Keys.stepsPeak(id);
    this.meanKey = Keys.stepsMean(id);
  }

  @Override
  public void add(Reading reading, int step) {
    double weight = recorder.weight(reading);
    if (Double.isNaN(weight)) {
      return;
    }
    if (!(highest >= weight)) {
      highest = weight;
      peak = step;
      kept = slice.cut(reading);
    }
    for (int row = 0; row < reading.rows(); row++) {
      double value = recorder.averaged(reading, row);
      if (!Double.isNaN(value)) {
        sum += value;
        count++;
      }
    }
  }

  @Override
  public void write(SpanRoom room) {
    if (kept == null) {
      return;
    }
    int before = room.left();
    write(kept, room);
    if (room.left() == before) {
      return; // It did not fit.
    }
    if (!room.take(ATTRIBUTES)) {
      room.omit(recorder.signal());
      return;
    }
    room.set(peakKey, (Long) (long) peak);
    room.set(meanKey, sum / count); // NaN, so none, where there is nothing to average.
  }

  /** Puts the values of the step that tells most on the span, as far as there is room. */
  void write(Reading peakReading, SpanRoom room) {
    recorder.write(peakReading, 0, room);
  }
}
