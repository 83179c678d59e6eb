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
  public void write(Reading reading, SpanRoom room) {
    if (!room.take(STATISTICS.length)) {
      room.omit(signal);
      return;
    }
    for (Statistic statistic : STATISTICS) {
      room.set(keys.get(statistic.ordinal()), mean(reading, statistic));
    }
  }

  /** The mean over heads and rows; NaN when there is nothing. */
  private double mean(Reading reading, Statistic statistic) {
    double sum = 0;
    int count = 0;
    for (int head = 0; head < summary.heads(); head++) {
      int column = summary.column(statistic, head);
      for (int row = 0; row < reading.rows(); row++) {
        double value = reading.value(row, signal, column);
        if (!Double.isNaN(value)) {
          sum += value;
          count++;
        }
      }
    }
    return sum / count;
  }
}
