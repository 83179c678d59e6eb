package io.innerspan.signals.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.LongFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * At most one false finding in a week of a JVM with 1,000 signals at 10 inferences a second: 6·10⁹
 * values. That is beyond counting; so the values are drawn from a stream that has changed, and what
 * is found is weighted by how much less probable it is in one that has not (importance sampling).
 * The values go through the charts themselves, with baselines that are drawn anew.
 */
class FalseFindingsTest {
  private static final double SIGNALS = 1_000;
  private static final double VALUES_PER_WEEK = 7 * 24 * 3600 * 10;
  private static final int BASELINES = 10;
  private static final int CYCLES = 400;
  private static final int DAY = 100_000;

  /** A kind of stream: its baseline, and what it is at its worst. */
  enum Kind {
    INDEPENDENT(seed -> Streams.take(Streams.independent(seed), 20_000), 0, 0),
    AUTOCORRELATED(
        seed -> Streams.take(Streams.autocorrelated(seed), 200_000), 0, Streams.CORRELATION),
    DIURNAL(seed -> Streams.take(Streams.diurnal(seed, DAY), 400_000), 1, 0);

    private final LongFunction<double[]> baseline;
    private final double swing;
    private final double correlation;

    Kind(LongFunction<double[]> baseline, double swing, double correlation) {
      this.baseline = baseline;
      this.swing = swing;
      this.correlation = correlation;
    }

    Baseline baseline(long seed) {
      return Baseline.of(values(seed));
    }

    /** Of which a baseline is made. */
    double[] values(long seed) {
      return baseline.apply(seed);
    }

    DoubleSupplier stream(long seed) {
      return switch (this) {
        case INDEPENDENT -> Streams.independent(seed);
        case AUTOCORRELATED -> Streams.autocorrelated(seed);
        case DIURNAL -> Streams.diurnal(seed, DAY);
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void perWeek_ofAThousandSignals_isAtMostOne(Kind kind) throws IOException {
    double perWeek = 0;
    StringBuilder each = new StringBuilder();
    for (ChartKind chart : ChartKind.values()) {
      double ofChart = 0;
      for (int i = 0; i < BASELINES; i++) {
        Baseline baseline = kind.baseline(100 + i);
        // The whole time as it is at its worst: in the highest or the lowest hour.
        double worst = 0;
        for (double place :
            kind.swing == 0 ? new double[] {0} : new double[] {kind.swing, -kind.swing}) {
          worst = Math.max(worst, perValue(chart, baseline, place, kind.correlation, 31 * i + 7));
        }
        ofChart += worst * VALUES_PER_WEEK * SIGNALS / BASELINES;
      }
      each.append(String.format(Locale.ROOT, " %s %.3g", chart, ofChart));
      perWeek += ofChart;
    }

    Files.writeString(
        Path.of("target", "false-findings-" + kind + ".txt"),
        String.format(Locale.ROOT, "%s: %.3g per week, of%s%n", kind, perWeek, each));
    assertThat(perWeek).as(each.toString()).isPositive().isLessThanOrEqualTo(1);
  }

  /** A week of one signal, as it is. */
  @ParameterizedTest
  @EnumSource
  void week_ofOneSignal_findsNothing(Kind kind) {
    Baseline baseline = kind.baseline(1);
    DriftDetector detector =
        new DriftDetector(
            new DriftPlan(
                List.of(baseline),
                Set.of(DriftMethod.CUSUM, DriftMethod.PSI, DriftMethod.KS),
                2_000,
                0,
                1,
                null,
                Allowance.DEFAULT));
    DoubleSupplier stream = kind.stream(2);
    int[] found = {0};
    double[] row = new double[1];
    for (int i = 0; i < VALUES_PER_WEEK; i++) {
      row[0] = stream.getAsDouble();
      detector.offer(row, i, drift -> found[0]++);
    }

    assertThat(found[0]).isZero();
  }

  /** How often a chart reaches its limit, per value of the stream. */
  private static double perValue(
      ChartKind kind, Baseline baseline, double place, double correlation, long seed) {
    Bins bins = baseline.bins();
    ChartTable table = new ChartTable(baseline, bins, Allowance.DEFAULT, List.of(kind));
    if (table.size() == 0) {
      return 0;
    }
    Random random = new Random(seed);
    Source usual = new Source(place, Math.pow(correlation, table.every()), random, null);
    Source tilted =
        new Source(
            place, usual.left, random, correlation == 0 ? new Tilt(table, baseline, place) : kind);
    double reached = 0;
    for (int i = 0; i < CYCLES; i++) {
      reached += cycle(table, new Charts(List.of(table)), tilted)[0];
    }
    Charts charts = new Charts(List.of(table));
    double length = 0;
    for (int i = 0; i < 10 * CYCLES; i++) {
      length += cycle(table, charts, usual)[1];
    }
    return reached / CYCLES / (length / (10 * CYCLES)) / table.every();
  }

  /** From 0 up and back to 0, or to the limit: the weight when it got there, and the length. */
  private static double[] cycle(ChartTable table, Charts charts, Source source) {
    source.begin();
    long length = 0;
    while (true) {
      int bin = source.next(table);
      length++;
      List<Drift> found = new ArrayList<>();
      for (int i = 0; i < table.every(); i++) {
        charts.take(0, bin);
        charts.step(0, found::add);
      }
      if (!found.isEmpty()) {
        return new double[] {Math.exp(source.logWeight), length};
      }
      if (charts.sum(0, 0) == 0) {
        return new double[] {0, length};
      }
    }
  }

  /** Gives bins, and how much less probable they are in a stream that has not changed. */
  private static final class Source {
    private final double place;
    private final double left;
    private final Random random;
    private final Object change;
    private double state;
    private double logWeight;

    /**
     * @param change null for none, a {@link Tilt}, or a chart's kind for a change of what is new in
     *     each value
     */
    Source(double place, double left, Random random, Object change) {
      this.place = place;
      this.left = left;
      this.random = random;
      this.change = change;
    }

    void begin() {
      state = random.nextGaussian();
      logWeight = 0;
    }

    int next(ChartTable table) {
      if (change instanceof Tilt tilt) {
        int bin = tilt.draw(random);
        logWeight -= tilt.power * table.design(0).increments[bin];
        return bin;
      }
      double innovation = random.nextGaussian();
      if (change instanceof ChartKind kind) {
        innovation = changed(kind, innovation);
        logWeight += logWeight(kind, innovation);
      }
      state = left * state + Math.sqrt(1 - left * left) * innovation;
      return table.bins().of(place + state);
    }

    private double changed(ChartKind kind, double normal) {
      return switch (kind) {
        case MEAN_ABOVE -> normal + 0.5;
        case MEAN_BELOW -> normal - 0.5;
        case SPREAD_ABOVE -> normal * Math.sqrt(1.5);
        case SPREAD_BELOW -> normal * Math.sqrt(0.6);
        case TAIL_ABOVE -> random.nextInt(20) == 0 ? normal + 3 : normal;
        case TAIL_BELOW -> random.nextInt(20) == 0 ? normal - 3 : normal;
      };
    }
  }

  /**
   * The exponential tilt of independent values: the power of a chart's likelihood ratios whose mean
   * is 1 by the stream's true shares, which a baseline only estimates.
   */
  private static final class Tilt {
    private final double power;
    private final double[] cumulative;

    Tilt(ChartTable table, Baseline baseline, double place) {
      double[] shares = new double[baseline.shares().size()];
      for (int b = 0; b < shares.length; b++) {
        double low = b == 0 ? Double.NEGATIVE_INFINITY : baseline.edges().get(b - 1) - place;
        double high =
            b == shares.length - 1 ? Double.POSITIVE_INFINITY : baseline.edges().get(b) - place;
        shares[b] = Normal.between(low, high);
      }
      double least = 0.05;
      double most = 50;
      for (int i = 0; i < 100; i++) {
        double middle = (least + most) / 2;
        if (sum(table, shares, middle)[shares.length - 1] > 1) {
          most = middle;
        } else {
          least = middle;
        }
      }
      this.power = least;
      this.cumulative = sum(table, shares, least);
    }

    private static double[] sum(ChartTable table, double[] shares, double power) {
      double[] sums = new double[shares.length];
      double sum = 0;
      for (int b = 0; b < shares.length; b++) {
        sum += shares[b] * Math.exp(power * table.design(0).increments[b]);
        sums[b] = sum;
      }
      return sums;
    }

    int draw(Random random) {
      double at = random.nextDouble() * cumulative[cumulative.length - 1];
      int bin = 0;
      while (bin < cumulative.length - 1 && cumulative[bin] < at) {
        bin++;
      }
      return bin;
    }
  }

  /** Of a value: the logarithm of its density before the change over that after it. */
  private static double logWeight(ChartKind kind, double value) {
    return switch (kind) {
      case MEAN_ABOVE -> 0.125 - 0.5 * value;
      case MEAN_BELOW -> 0.125 + 0.5 * value;
      case SPREAD_ABOVE -> Math.log(Math.sqrt(1.5)) - value * value / 2 * (1 - 1 / 1.5);
      case SPREAD_BELOW -> Math.log(Math.sqrt(0.6)) - value * value / 2 * (1 - 1 / 0.6);
      case TAIL_ABOVE -> -Math.log(0.95 + 0.05 * Math.exp(3 * value - 4.5));
      case TAIL_BELOW -> -Math.log(0.95 + 0.05 * Math.exp(-3 * value - 4.5));
    };
  }
}
