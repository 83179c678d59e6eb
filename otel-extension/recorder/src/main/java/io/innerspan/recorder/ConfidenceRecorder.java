package io.innerspan.recorder;

import io.innerspan.semconv.InnerspanAttributes;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.Reading;
import io.innerspan.signals.ReadingLayout;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.context.Context;

/** Records how sure the model's answer is: on spans, of the least sure row. */
final class ConfidenceRecorder implements SignalRecorder {
  private static final int ATTRIBUTES = 5;

  private final int signal;
  private final String id;
  private final Slice slice;
  private final Series maxProbability;
  private final Series margin;
  private final Series entropy;
  private final Series disagreement;
  private final AttributeKey<Double> maxProbabilityKey;
  private final AttributeKey<Double> marginKey;
  private final AttributeKey<Double> entropyKey;
  private final AttributeKey<Double> disagreementKey;
  private final AttributeKey<Long> rowKey;

  ConfidenceRecorder(
      OutputConfidence confidence,
      int signal,
      ReadingLayout layout,
      SignalInstruments instruments,
      Labels labels) {
    this.id = confidence.id();
    this.signal = signal;
    this.slice = new Slice(layout, signal);
    this.maxProbability = new Series(instruments.maxProbability, labels.signal());
    this.margin = new Series(instruments.margin, labels.signal());
    this.entropy = new Series(instruments.entropy, labels.signal());
    this.disagreement = new Series(instruments.disagreement, labels.signal());
    this.maxProbabilityKey =
        AttributeKey.doubleKey(InnerspanAttributes.confidenceMaxProbability(id));
    this.marginKey = AttributeKey.doubleKey(InnerspanAttributes.confidenceMargin(id));
    this.entropyKey = AttributeKey.doubleKey(InnerspanAttributes.confidenceEntropy(id));
    this.disagreementKey = AttributeKey.doubleKey(InnerspanAttributes.confidenceDisagreement(id));
    this.rowKey = AttributeKey.longKey(InnerspanAttributes.confidenceRow(id));
  }

  @Override
  public int signal() {
    return signal;
  }

  @Override
  public void measure(Reading reading, Context context) {
    for (int row = 0; row < reading.rows(); row++) {
      maxProbability.record(reading.value(row, signal, OutputConfidence.MAX_PROBABILITY), context);
      margin.record(reading.value(row, signal, OutputConfidence.MARGIN), context);
      entropy.record(reading.value(row, signal, OutputConfidence.ENTROPY), context);
      disagreement.record(reading.disagreement(row, signal), context);
    }
  }

  @Override
  public void write(Reading reading, int at, SpanRoom room) {
    int row = leastSure(reading, at);
    if (row < 0) {
      return;
    }
    if (!room.take(ATTRIBUTES)) {
      room.omit(signal);
      return;
    }
    room.set(maxProbabilityKey, reading.value(row, at, OutputConfidence.MAX_PROBABILITY));
    room.set(marginKey, reading.value(row, at, OutputConfidence.MARGIN));
    room.set(entropyKey, reading.value(row, at, OutputConfidence.ENTROPY));
    room.set(rowKey, reading.rows() > 1 ? (Long) (long) row : null);
    room.set(disagreementKey, largestDisagreement(reading, at));
  }

  @Override
  public double weight(Reading reading) {
    int row = leastSure(reading, signal);
    return row < 0 ? Double.NaN : -averaged(reading, row);
  }

  @Override
  public double averaged(Reading reading, int row) {
    return reading.value(row, signal, OutputConfidence.MAX_PROBABILITY);
  }

  @Override
  public SignalSteps steps() {
    return new Steps();
  }

  /** The first of the rows with the smallest probability; −1 when no row has a reading. */
  private static int leastSure(Reading reading, int at) {
    int leastSure = -1;
    double smallest = Double.POSITIVE_INFINITY;
    for (int row = 0; row < reading.rows(); row++) {
      double probability = reading.value(row, at, OutputConfidence.MAX_PROBABILITY);
      if (probability < smallest) {
        smallest = probability;
        leastSure = row;
      }
    }
    return leastSure;
  }

  /** NaN when there is none. */
  private static double largestDisagreement(Reading reading, int at) {
    double largest = Double.NaN;
    for (int row = 0; row < reading.rows(); row++) {
      double disagreement = reading.disagreement(row, at);
      if (!(largest >= disagreement) && !Double.isNaN(disagreement)) {
        largest = disagreement;
      }
    }
    return largest;
  }

  /** The least sure step, and the largest disagreement of all. */
  private final class Steps extends PeakStep {
    private double largest = Double.NaN;

    Steps() {
      super(id, ConfidenceRecorder.this, slice);
    }

    @Override
    public void add(Reading reading, int step) {
      super.add(reading, step);
      double disagreement = largestDisagreement(reading, signal);
      if (!(largest >= disagreement) && !Double.isNaN(disagreement)) {
        largest = disagreement;
      }
    }

    @Override
    void write(Reading peak, SpanRoom room) {
      int before = room.left();
      super.write(peak, room);
      if (room.left() != before) {
        room.set(disagreementKey, largest);
      }
    }
  }
}
