package io.innerspan.signals.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The recursion of a CUSUM chart, {@code S = max(0, S + step)}, and where it is told. */
class ChartsTest {
  private static final Baseline BASELINE =
      Baseline.of(Streams.take(Streams.independent(1), 20_000));

  private final ChartTable table =
      new ChartTable(BASELINE, BASELINE.bins(), Allowance.DEFAULT, List.of(ChartKind.MEAN_ABOVE));
  private final Charts charts = new Charts(table);

  /** Steps of 1 − k = ½ come to a limit of 4½ at the 9th value: the limit over the step. */
  @Test
  void add_theSameStepAgain_isFoundByTheFirstSumAtTheLimit() {
    assertThat(charts.every()).isEqualTo(1);
    double limit = table.design(0).limit;
    int found = 0;
    for (int bin = 0; bin < table.bins().size(); bin++) {
      double step = charts.increment(0, bin);
      int after = (int) Math.ceil(limit / step);
      // A chart tells nothing before ten values.
      if (step <= 0 || after <= 10) {
        continue;
      }
      found++;
      Charts another = charts.another();
      for (int i = 1; i < after; i++) {
        assertThat(another.add(bin, i)).as("value %d of %d", i, after).isNull();
        assertThat(another.sum(0)).isCloseTo(i * step, within(1e-4));
      }
      Drift drift = another.add(bin, after);
      assertThat(drift).isNotNull();
      assertThat(drift.score()).isCloseTo(after * step, within(1e-4));
      assertThat(drift.limit()).isEqualTo(limit);
      assertThat(drift.count()).isEqualTo(after);
      assertThat(another.sum(0)).as("it begins anew").isZero();
    }
    assertThat(found).as("bins that speak for the change").isPositive();
  }

  @Test
  void add_stepsUpAndDown_neverFallsBelowZero() {
    Random random = new Random(2);
    double sum = 0;
    int atZero = 0;
    for (int i = 0; i < 2_000; i++) {
      int bin = table.bins().of(random.nextGaussian());
      Drift drift = charts.add(bin, i);
      sum = Math.max(0, sum + charts.increment(0, bin));
      assertThat(drift).isNull();
      assertThat(charts.sum(0)).isCloseTo(sum, within(1e-3));
      atZero += sum == 0 ? 1 : 0;
    }
    assertThat(atZero).isBetween(1, 1_999);
  }
}
