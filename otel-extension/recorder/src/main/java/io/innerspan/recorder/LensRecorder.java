package io.innerspan.recorder;

import io.innerspan.semconv.InnerspanAttributes;
import io.innerspan.signals.LayerLens;
import io.innerspan.signals.Reading;
import io.innerspan.signals.ReadingLayout;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.context.Context;
import java.util.List;

/** Records what the model would answer after each layer: on spans, of the row decided last. */
final class LensRecorder implements SignalRecorder {
  private static final int ATTRIBUTES = 7;

  private final LayerLens lens;
  private final int signal;
  private final Slice slice;
  private final int layers;
  private final Series decision;
  private final AttributeKey<Long> decisionKey;
  private final AttributeKey<List<Double>> entropyKey;
  private final AttributeKey<List<Double>> divergenceKey;
  private final AttributeKey<List<Long>> rankKey;
  private final AttributeKey<List<Long>> answersKey;
  private final AttributeKey<List<Double>> probabilitiesKey;
  private final AttributeKey<Long> rowKey;

  LensRecorder(
      LayerLens lens,
      int signal,
      ReadingLayout layout,
      SignalInstruments instruments,
      Labels labels) {
    this.lens = lens;
    this.slice = new Slice(layout, signal);
    this.signal = signal;
    this.layers = lens.layers().size();
    this.decision = new Series(instruments.decisionLayer, labels.signal());
    this.decisionKey = AttributeKey.longKey(InnerspanAttributes.lensDecisionLayer(lens.id()));
    this.entropyKey = AttributeKey.doubleArrayKey(InnerspanAttributes.lensEntropy(lens.id()));
    this.divergenceKey = AttributeKey.doubleArrayKey(InnerspanAttributes.lensKl(lens.id()));
    this.rankKey = AttributeKey.longArrayKey(InnerspanAttributes.lensRank(lens.id()));
    this.answersKey = AttributeKey.longArrayKey(InnerspanAttributes.lensAnswers(lens.id()));
    this.probabilitiesKey =
        AttributeKey.doubleArrayKey(InnerspanAttributes.lensProbabilities(lens.id()));
    this.rowKey = AttributeKey.longKey(InnerspanAttributes.lensRow(lens.id()));
  }

  @Override
  public int signal() {
    return signal;
  }

  @Override
  public void measure(Reading reading, Context context) {
    for (int row = 0; row < reading.rows(); row++) {
      if (reading.isPresent(row, signal)) {
        int layer = decisionLayer(reading, row, signal);
        if (layer < layers) {
          decision.record(layer, context);
        }
      }
    }
  }

  @Override
  public void write(Reading reading, int at, SpanRoom room) {
    int row = lastDecided(reading, at);
    if (row < 0) {
      return;
    }
    if (!room.take(ATTRIBUTES)) {
      room.omit(signal);
      return;
    }
    int layer = decisionLayer(reading, row, at);
    int last = layers - 1;
    room.set(decisionKey, layer < layers ? (Long) (long) layer : null);
    room.setAll(entropyKey, RowValues.numbers(reading, row, at, layers, lens::entropy));
    room.setAll(divergenceKey, RowValues.numbers(reading, row, at, layers, lens::divergence));
    room.setAll(rankKey, RowValues.indices(reading, row, at, layers, lens::rank));
    room.setAll(
        answersKey,
        RowValues.indices(reading, row, at, lens.top(), rank -> lens.answer(last, rank)));
    room.setAll(
        probabilitiesKey,
        RowValues.numbers(reading, row, at, lens.top(), rank -> lens.probability(last, rank)));
    room.set(rowKey, reading.rows() > 1 ? (Long) (long) row : null);
  }

  @Override
  public double weight(Reading reading) {
    int row = lastDecided(reading, signal);
    return row < 0 ? Double.NaN : decisionLayer(reading, row, signal);
  }

  @Override
  public SignalSteps steps() {
    return new PeakStep(lens.id(), this, slice);
  }

  /** The first of the rows with the latest decision; −1 when no row has a reading. */
  private int lastDecided(Reading reading, int at) {
    int best = -1;
    int latest = -1;
    for (int row = 0; row < reading.rows(); row++) {
      if (reading.isPresent(row, at)) {
        int layer = decisionLayer(reading, row, at);
        if (layer > latest) {
          latest = layer;
          best = row;
        }
      }
    }
    return best;
  }

  /** From which layer on the model's answer stays on top; the number of layers if from none. */
  private int decisionLayer(Reading reading, int row, int at) {
    int layer = layers;
    while (layer > 0 && reading.value(row, at, lens.rank(layer - 1)) == 0) {
      layer--;
    }
    return layer;
  }
}
