package io.innerspan.recorder;

import io.innerspan.semconv.InnerspanAttributes;
import io.innerspan.signals.AttentionSummary;
import io.innerspan.signals.AttentionSummary.Statistic;
import io.innerspan.signals.Reading;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.context.Context;
import java.util.List;

/** Records what the heads of a layer attend to: each head in metrics, their mean on spans. */
final class AttentionRecorder implements SignalRecorder {
  private static final Statistic[] STATISTICS = Statistic.values();

  private final AttentionSummary summary;
  private final int signal;
  private final Series[] byColumn;

  // In the order of the statistics.
  private final List<AttributeKey<Double>> keys;

  /**
   * @param perHead whether each head has a time series of its own
   */
  AttentionRecorder(
      AttentionSummary summary,
      int signal,
      SignalInstruments instruments,
      Labels labels,
      boolean perHead) {
    this.summary = summary;
    this.signal = signal;
    this.byColumn = new Series[STATISTICS.length * summary.heads()];
    for (Statistic statistic : STATISTICS) {
      for (int head = 0; head < summary.heads(); head++) {
        byColumn[summary.column(statistic, head)] =
            new Series(
                instruments.attention(statistic),
                perHead ? labels.with(Keys.ATTENTION_HEAD, String.valueOf(head)) : labels.signal());
      }
    }
    this.keys =
        List.of(
            AttributeKey.doubleKey(InnerspanAttributes.attentionEntropy(summary.id())),
            AttributeKey.doubleKey(InnerspanAttributes.attentionFirstTokenShare(summary.id())),
            AttributeKey.doubleKey(InnerspanAttributes.attentionMeanDistance(summary.id())));
  }

  @Override
  public int signal() {
    return signal;
  }

  @Override
  public void measure(Reading reading, Context context) {
    for (int column = 0; column < byColumn.length; column++) {
      for (int row = 0; row < reading.rows(); row++) {
        byColumn[column].record(reading.value(row, signal, column), context);
      }
    }
  }

  @Override
  public void write(Reading reading, int at, SpanRoom room) {
    double[] means = new double[STATISTICS.length];
    for (Statistic statistic : STATISTICS) {
      means[statistic.ordinal()] = mean(reading, at, statistic);
    }
    write(means, room);
  }

  private void write(double[] means, SpanRoom room) {
    if (!room.take(STATISTICS.length)) {
      room.omit(signal);
      return;
    }
    for (Statistic statistic : STATISTICS) {
      room.set(keys.get(statistic.ordinal()), means[statistic.ordinal()]);
    }
  }

  @Override
  public SignalSteps steps() {
    return new Steps();
  }

  /** The mean over heads and rows; NaN when there is nothing. */
  private double mean(Reading reading, int at, Statistic statistic) {
    double sum = 0;
    int count = 0;
    for (int head = 0; head < summary.heads(); head++) {
      int column = summary.column(statistic, head);
      for (int row = 0; row < reading.rows(); row++) {
        double value = reading.value(row, at, column);
        if (!Double.isNaN(value)) {
          sum += value;
          count++;
        }
      }
    }
    return sum / count;
  }

  /** The mean over the steps too: as no row or head, no step stands for the others. */
  private final class Steps implements SignalSteps {
    private final double[] sums = new double[STATISTICS.length];
    private final long[] counts = new long[STATISTICS.length];

    @Override
    public void add(Reading reading, int step) {
      for (Statistic statistic : STATISTICS) {
        double mean = mean(reading, signal, statistic);
        if (!Double.isNaN(mean)) {
          sums[statistic.ordinal()] += mean;
          counts[statistic.ordinal()]++;
        }
      }
    }

    @Override
    public void write(SpanRoom room) {
      double[] means = new double[STATISTICS.length];
      for (int i = 0; i < means.length; i++) {
        means[i] = sums[i] / counts[i];
      }
      if (counts[0] > 0) {
        AttentionRecorder.this.write(means, room);
      }
    }
  }
}
