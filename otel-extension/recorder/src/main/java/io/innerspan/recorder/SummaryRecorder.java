package io.innerspan.recorder;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.ActivationSummary.Statistic;
import io.innerspan.signals.Reading;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.List;

/**
 * Records the statistics of an activation, as metrics only: their sizes mean nothing without the
 * distributions that they belong to.
 */
final class SummaryRecorder implements SignalRecorder {
  private final int signal;
  private final Statistic[] statistics;
  private final Series[] byColumn;

  SummaryRecorder(
      ActivationSummary summary, int signal, SignalInstruments instruments, Labels labels) {
    List<Series> series = new ArrayList<>();
    for (Statistic statistic : summary.statistics()) {
      series.add(new Series(instruments.activation(statistic), labels.signal()));
    }
    this.signal = signal;
    this.statistics = summary.statistics().toArray(Statistic[]::new);
    this.byColumn = series.toArray(Series[]::new);
  }

  @Override
  public int signal() {
    return signal;
  }

  @Override
  public void measure(Reading reading, Context context) {
    for (int column = 0; column < byColumn.length; column++) {
      for (int row = 0; row < reading.rows(); row++) {
        double value = reading.value(row, signal, column);
        byColumn[column].record(measured(statistics[column], value), context);
      }
    }
  }

  /** Histograms take nothing below 0. */
  private static double measured(Statistic statistic, double value) {
    return switch (statistic) {
      case MEAN -> Math.abs(value);
      case COSINE_TO_PREVIOUS -> 1 - value;
      case L2_NORM, SPARSITY, KURTOSIS, LARGEST_SHARE -> value;
    };
  }
}
