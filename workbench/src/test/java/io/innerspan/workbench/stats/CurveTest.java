package io.innerspan.workbench.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CurveTest {
  private static final double[] SCORES = {.9, .4, .4, .1};
  private static final boolean[] POSITIVE = {true, true, false, false};

  @Test
  void roc_tieBetweenLabels_isOneSlantedStep() {
    Curve curve = Curve.roc(SCORES, POSITIVE);
    assertThat(curve.x()).containsExactly(0, 0, .5, 1);
    assertThat(curve.y()).containsExactly(0, .5, 1, 1);
    assertThat(area(curve)).isEqualTo(.875);
  }

  @Test
  void precisionRecall_tieBetweenLabels_beginsAtTheGreatestScoresPrecision() {
    Curve curve = Curve.precisionRecall(SCORES, POSITIVE);
    assertThat(curve.x()).containsExactly(0, .5, 1, 1);
    assertThat(curve.y()).containsExactly(1, 1, 2 / 3.0, .5);
  }

  @Test
  void roc_areaUnderIt_isTheAuroc() {
    Random random = new Random(7);
    for (int round = 0; round < 50; round++) {
      int rows = 10 + random.nextInt(200);
      double[] scores = new double[rows];
      boolean[] positive = new boolean[rows];
      for (int i = 0; i < rows; i++) {
        positive[i] = i == 0 || (i > 1 && random.nextBoolean());
        // Few distinct scores, so that there are many ties.
        scores[i] = random.nextInt(12) + (positive[i] ? 2 : 0);
      }
      Curve curve = Curve.roc(scores, positive);
      assertThat(area(curve)).isCloseTo(Auroc.of(scores, positive), within(1e-12));
    }
  }

  @Test
  void thinned_keepsTheEndsAndTheShape() {
    double[] scores = new Random(3).doubles(20_000).toArray();
    boolean[] positive = new boolean[scores.length];
    for (int i = 0; i < scores.length; i++) {
      positive[i] = i % 2 == 0;
      scores[i] += positive[i] ? .3 : 0;
    }
    Curve whole = Curve.roc(scores, positive);
    Curve thin = whole.thinned(1 / 400.0);
    assertThat(thin.x()).hasSizeLessThan(1000).startsWith(0).endsWith(1).isSorted();
    assertThat(area(thin)).isCloseTo(area(whole), within(.002));
  }

  @Test
  void roc_oneLabelOnly_refused() {
    assertThatThrownBy(() -> Curve.roc(new double[] {1, 2}, new boolean[] {true, true}))
        .hasMessageContaining("2 positive and 0 other rows");
  }

  private static double area(Curve curve) {
    double area = 0;
    for (int i = 1; i < curve.x().length; i++) {
      area += (curve.x()[i] - curve.x()[i - 1]) * (curve.y()[i] + curve.y()[i - 1]) / 2;
    }
    return area;
  }
}
