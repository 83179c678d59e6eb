package io.innerspan.recorder;

import io.innerspan.semconv.InnerspanAttributes;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.OutputConfidence.Disagreement;
import io.innerspan.signals.Reading;
import io.innerspan.signals.ReadingLayout;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/** Records how sure the model's answer is: on spans, of the least sure row. */
final class ConfidenceRecorder implements SignalRecorder {
  private static final int ATTRIBUTES = 5;
  private static final int NO_PROBE = -1;

  private final int signal;
  private final int probe;
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
    String id = confidence.id();
    this.signal = signal;
    this.probe = probe(confidence.disagreement(), layout);
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

  /** The probe may be of a pack that gives no reading. */
  private static int probe(@Nullable Disagreement disagreement, ReadingLayout layout) {
    int index = disagreement == null ? NO_PROBE : layout.indexOf(disagreement.probe());
    return index >= 0 && layout.isProbe(index) ? index : NO_PROBE;
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
      disagreement.record(disagreement(reading, row), context);
    }
  }

  @Override
  public void write(Reading reading, SpanRoom room) {
    int leastSure = -1;
    double smallest = Double.POSITIVE_INFINITY;
    double largest = Double.NaN;
    for (int row = 0; row < reading.rows(); row++) {
      double probability = reading.value(row, signal, OutputConfidence.MAX_PROBABILITY);
      if (probability < smallest) {
        smallest = probability;
        leastSure = row;
      }
      double apart = disagreement(reading, row);
      if (!(largest >= apart) && !Double.isNaN(apart)) {
        largest = apart;
      }
    }
    if (leastSure < 0) {
      return;
    }
    if (!room.take(ATTRIBUTES)) {
      room.omit(signal);
      return;
    }
    room.set(maxProbabilityKey, smallest);
    room.set(marginKey, reading.value(leastSure, signal, OutputConfidence.MARGIN));
    room.set(entropyKey, reading.value(leastSure, signal, OutputConfidence.ENTROPY));
    room.set(rowKey, reading.rows() > 1 ? (Long) (long) leastSure : null);
    room.set(disagreementKey, largest);
  }

  private double disagreement(Reading reading, int row) {
    return probe == NO_PROBE
        ? Double.NaN
        : Math.abs(
            reading.score(row, probe)
                - reading.value(row, signal, OutputConfidence.ANSWER_PROBABILITY));
  }
}
