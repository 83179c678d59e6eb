package io.innerspan.workbench.stats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CalibrationCurveTest {
  @Test
  void of_scores_tellsWhatBinsPromiseAndWhatCame() {
    var bins =
        CalibrationCurve.of(
            new double[] {.25, .25, .75, 1}, new boolean[] {false, true, true, true});

    assertThat(bins)
        .containsExactly(
            new CalibrationCurve.Bin(.2, .3, 2, .25, .5),
            new CalibrationCurve.Bin(.7, .8, 1, .75, 1),
            new CalibrationCurve.Bin(.9, 1, 1, 1, 1));
  }
}
