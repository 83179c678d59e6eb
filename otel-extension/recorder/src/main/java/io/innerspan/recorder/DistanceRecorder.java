package io.innerspan.recorder;

import io.innerspan.semconv.InnerspanAttributes;
import io.innerspan.signals.PopulationDistance;
import io.innerspan.signals.Reading;
import io.innerspan.signals.ReadingLayout;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.context.Context;

/** Records how far rows are from a reference population: on spans, the farthest. */
final class DistanceRecorder implements SignalRecorder {
  private final String id;
  private final int signal;
  private final Slice slice;
  private final Series distance;
  private final AttributeKey<Double> key;

  DistanceRecorder(
      PopulationDistance distance,
      int signal,
      ReadingLayout layout,
      SignalInstruments instruments,
      Labels labels) {
    this.id = distance.id();
    this.signal = signal;
    this.slice = new Slice(layout, signal);
    this.distance = new Series(instruments.distance, labels.signal());
    this.key = AttributeKey.doubleKey(InnerspanAttributes.populationDistance(distance.id()));
  }

  @Override
  public int signal() {
    return signal;
  }

  @Override
  public void measure(Reading reading, Context context) {
    for (int row = 0; row < reading.rows(); row++) {
      distance.record(root(reading.value(row, signal)), context);
    }
  }

  @Override
  public void write(Reading reading, int at, SpanRoom room) {
    if (room.take(1)) {
      room.set(key, root(reading.maxValue(at)));
    } else {
      room.omit(signal);
    }
  }

  @Override
  public double weight(Reading reading) {
    return reading.maxValue(signal);
  }

  @Override
  public double averaged(Reading reading, int row) {
    return root(reading.value(row, signal));
  }

  @Override
  public SignalSteps steps() {
    return new PeakStep(id, this, slice);
  }

  // Rounding may leave a square a little below 0.
  private static double root(double squared) {
    return Math.sqrt(Math.max(0, squared));
  }
}
