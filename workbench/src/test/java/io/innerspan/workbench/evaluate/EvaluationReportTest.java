package io.innerspan.workbench.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.workbench.stats.Curve;
import io.innerspan.workbench.stats.Interval;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What opens the gate, of numbers that are given. */
class EvaluationReportTest {
  @Test
  void passes_betterThanAll_onEnoughGroups() {
    EvaluationReport report = report(20, 20, baseline("words", .8, .1), baseline("length", .6, .3));

    assertThat(report.passes()).isTrue();
    assertThat(report.gateReason())
        .endsWith("of the best baseline (words): difference 0.2000 " + "[0.1000, 0.3000], above 0");
  }

  @Test
  void passes_tooFewGroupsOfALabel_neverDoes() {
    for (int[] groups : new int[][] {{19, 500}, {500, 19}, {2, 2}}) {
      EvaluationReport report = report(groups[0], groups[1], baseline("words", .5, .4));

      assertThat(report.passes()).isFalse();
      assertThat(report.gateReason())
          .endsWith(
              "; too few to tell: "
                  + groups[0]
                  + " groups of positive and "
                  + groups[1]
                  + " of other rows, expected at least 20 of each");
      assertThat(new Verdict(report).headline()).contains("too few texts to tell");
    }
  }

  @Test
  void passes_anotherBaselineThanTheBestMayBeAsGood_doesNot() {
    EvaluationReport report =
        report(50, 50, baseline("words", .8, .01), baseline("length", .79, -.05));

    assertThat(report.best().key()).isEqualTo("words");
    assertThat(report.passes()).isFalse();
    assertThat(report.gateReason())
        .contains("(words)", "above 0; but length may be as good: difference 0.2100 [-0.0500,");
    assertThat(new Verdict(report).headline()).contains("One simpler method does as well");
  }

  @Test
  void passes_tie_doesNot() {
    EvaluationReport report = report(5000, 5000, baseline("words", 1, 0));

    assertThat(report.passes()).isFalse();
    assertThat(report.gateReason()).endsWith("not above 0");
  }

  private static BaselineResult baseline(String key, double auroc, double low) {
    Interval none = new Interval(auroc, auroc, auroc);
    double difference = 1 - auroc;
    return new BaselineResult(
        key,
        key,
        none,
        none,
        new Interval(difference, low, 2 * difference - low),
        new Curves(curve(), curve()),
        List.of(auroc));
  }

  private static Curve curve() {
    return Curve.roc(new double[] {1, 0}, new boolean[] {true, false});
  }

  @SuppressWarnings("NullAway") // nothing else is asked for
  private static EvaluationReport report(int positives, int others, BaselineResult... baselines) {
    Exclusion excluded = new Exclusion(List.of(), 0, 0, true, 0, false);
    return new EvaluationReport(
        null,
        null,
        new EvaluationReport.Data(
            "x.csv", "", 0, 0, 0, 0, positives, others, excluded, 0, null, 0, 0, null),
        new Interval(1, 1, 1),
        new Interval(1, 1, 1),
        null,
        List.of(),
        null,
        List.of(),
        Map.of(),
        null,
        null,
        List.of(baselines),
        List.of(),
        List.of());
  }
}
