package io.innerspan.signals.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Charts side by side in lanes are what each is alone, by the definition of a CUSUM chart. */
class ChartsTest {
  private static final int FEWEST = 10;

  /** One chart, in floating-point numbers. */
  private static final class Plain {
    private double sum;
    private double effect;
    private long count;
    private long since;

    void add(ChartDesign design, int bin, long nanos) {
      since = count == 0 ? nanos : since;
      sum = Math.max(0, sum + design.increments[bin]);
      count = sum > 0 ? count + 1 : 0;
      effect = sum > 0 ? effect + design.effects[bin] : 0;
    }
  }

  @Test
  void step_ofManySignals_isWhatEachChartIsAlone() {
    List<ChartTable> tables = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      // One is thinned, one has fewer charts.
      double[] values =
          i == 3
              ? Streams.take(Streams.autocorrelated(i), 200_000)
              : Streams.take(Streams.independent(i), i == 5 ? 1_500 : 20_000);
      Baseline baseline = Baseline.of(values);
      tables.add(new ChartTable(baseline, baseline.bins(), Allowance.DEFAULT));
    }
    assertThat(tables.get(3).every()).isGreaterThan(1);
    assertThat(tables.get(5).size()).isBetween(1, 5);
    Charts charts = new Charts(tables);
    Plain[][] plain = new Plain[tables.size()][ChartTable.LANES];
    int[] seen = new int[tables.size()];
    int[] found = new int[tables.size()];
    for (Plain[] each : plain) {
      Arrays.setAll(each, chart -> new Plain());
    }
    Random random = new Random(4);
    for (int row = 1; row <= 20_000; row++) {
      long nanos = (long) row << 24;
      List<Drift> expected = new ArrayList<>();
      for (int signal = 0; signal < plain.length; signal++) {
        ChartTable table = tables.get(signal);
        if (random.nextInt(10) == 0) {
          charts.leave(signal);
          continue;
        }
        // From the middle on, some signals move.
        double value = random.nextGaussian() + (row > 10_000 ? 0.4 * (signal % 3 - 1) : 0);
        int bin = table.bins().of(value);
        charts.take(signal, bin);
        if (++seen[signal] % table.every() == 0) {
          for (int chart = 0; chart < table.size(); chart++) {
            plain[signal][chart].add(table.design(chart), bin, nanos);
          }
          alarm(signal, table, plain[signal], expected);
        }
      }
      List<Drift> actual = new ArrayList<>();
      charts.step(nanos, actual::add);

      assertThat(actual).hasSameSizeAs(expected);
      for (int i = 0; i < actual.size(); i++) {
        Drift drift = actual.get(i);
        found[drift.signal()]++;
        assertThat(drift)
            .usingRecursiveComparison()
            .ignoringFields("score", "effect", "pValue")
            .isEqualTo(expected.get(i));
        assertThat(drift.score()).isCloseTo(expected.get(i).score(), within(1e-3));
        assertThat(drift.effect()).isCloseTo(expected.get(i).effect(), within(1e-3));
        assertThat(drift.pValue()).isCloseTo(expected.get(i).pValue(), within(1e-6));
      }
      for (int signal = 0; signal < plain.length; signal++) {
        for (int chart = 0; chart < tables.get(signal).size(); chart++) {
          assertThat(charts.sum(signal, chart)).isCloseTo(plain[signal][chart].sum, within(1e-3));
        }
      }
    }
    assertThat(found[0]).isGreaterThan(10);
    assertThat(found[2]).isGreaterThan(10);
    assertThat(found[1]).isZero();
  }

  /** The time of the first value is one that ticks tell. */
  private static void alarm(int signal, ChartTable table, Plain[] plain, List<Drift> into) {
    for (int chart = 0; chart < table.size(); chart++) {
      Plain at = plain[chart];
      ChartDesign design = table.design(chart);
      if (at.sum >= design.limit && at.count >= FEWEST) {
        into.add(
            new Drift(
                signal,
                design.kind.method(),
                design.kind.direction(),
                at.sum,
                design.limit,
                at.effect / at.count,
                Math.min(1, table.size() * design.pValue(at.sum)),
                at.count * table.every(),
                at.since));
        Arrays.setAll(plain, any -> new Plain());
        return;
      }
    }
  }

  /** Equal steps are found at the first multiple that is at the limit. */
  @Test
  void step_theSameAgain_isFoundByTheFirstSumAtTheLimit() {
    Baseline baseline = Baseline.of(Streams.take(Streams.independent(1), 20_000));
    ChartTable table =
        new ChartTable(baseline, baseline.bins(), Allowance.DEFAULT, List.of(ChartKind.MEAN_ABOVE));
    assertThat(table.every()).isEqualTo(1);
    double limit = table.design(0).limit;
    int tried = 0;
    for (int bin = 0; bin < table.bins().size(); bin++) {
      double step = table.design(0).increments[bin];
      int after = (int) Math.ceil(limit / step);
      if (step <= 0 || after <= FEWEST) {
        continue;
      }
      tried++;
      Charts charts = new Charts(List.of(table));
      List<Drift> found = new ArrayList<>();
      for (int i = 1; i <= after; i++) {
        assertThat(found).as("value %d of %d", i, after).isEmpty();
        charts.take(0, bin);
        charts.step(i, found::add);
        assertThat(charts.sum(0, 0)).isCloseTo(i < after ? i * step : 0, within(1e-3));
      }
      assertThat(found).hasSize(1);
      assertThat(found.get(0).score()).isCloseTo(after * step, within(1e-3));
      assertThat(found.get(0).limit()).isEqualTo(limit);
      assertThat(found.get(0).count()).isEqualTo(after);
    }
    assertThat(tried).as("bins that speak for the change").isPositive();
  }

  @Test
  void another_beginsAnewAndApart() {
    Baseline baseline = Baseline.of(Streams.take(Streams.independent(1), 20_000));
    ChartTable table = new ChartTable(baseline, baseline.bins(), Allowance.DEFAULT);
    Charts charts = new Charts(List.of(table));
    List<Drift> found = new ArrayList<>();
    int last = table.bins().size() - 1;
    for (int i = 0; i < 5; i++) {
      charts.take(0, last);
      charts.step(i, found::add);
    }
    Charts another = charts.another();

    assertThat(charts.sum(0, 0)).isPositive();
    assertThat(another.sum(0, 0)).isZero();
    for (int i = 0; i < 100; i++) {
      another.take(0, last);
      another.step(i, found::add);
    }
    assertThat(found).isNotEmpty();
    assertThat(charts.sum(0, 0)).isCloseTo(5 * table.design(0).increments[last], within(1e-4));
  }
}
