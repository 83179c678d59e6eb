package io.innerspan.workbench.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ProbeLearnerTest {
  @Test
  void fit_foldedScaler_equalsTheModelOnStandardisedRows() {
    float[][] rows = gaussian(200, 5, 1);
    boolean[] positive = labels(rows);
    Standardizer standardizer = new Standardizer(rows);
    LinearModel standard = LogisticRegression.dense(standardizer.apply(rows), positive).fit(.1);
    LinearModel folded = new ProbeLearner(rows, positive).fit(.1);
    double[][] scaled = standardizer.apply(rows);
    for (int i = 0; i < rows.length; i++) {
      double expected = standard.bias();
      for (int d = 0; d < 5; d++) {
        expected += standard.weight()[d] * scaled[i][d];
      }
      assertThat(folded.logit(rows[i])).isEqualTo(expected, within(1e-9));
    }
  }

  @Test
  void fit_weakRegularisation_findsTheLogisticModelThatDrewTheLabels() {
    int n = 20_000;
    float[][] rows = gaussian(n, 2, 2);
    Random random = new Random(8);
    boolean[] positive = new boolean[n];
    for (int i = 0; i < n; i++) {
      double logit = 1.5 * rows[i][0] - .5 * rows[i][1] + .7;
      positive[i] = random.nextDouble() < 1 / (1 + Math.exp(-logit));
    }
    LinearModel model = new ProbeLearner(rows, positive).fit(10);
    assertThat(model.weight()[0]).isEqualTo(1.5, within(.1));
    assertThat(model.weight()[1]).isEqualTo(-.5, within(.1));
    assertThat(model.bias()).isEqualTo(.7, within(.1));
  }

  @Test
  void fit_firstRowPositiveOrNot_givesTheSameSign() {
    float[][] rows = {{1}, {2}, {-1}, {-2}};
    float[][] reversed = {{-2}, {-1}, {2}, {1}};
    LinearModel first = new ProbeLearner(rows, new boolean[] {true, true, false, false}).fit(1);
    LinearModel second =
        new ProbeLearner(reversed, new boolean[] {false, false, true, true}).fit(1);
    assertThat(first.weight()[0]).isPositive().isEqualTo(second.weight()[0], within(1e-4));
  }

  @Test
  void fit_featureThatNeverVaries_isFinite() {
    float[][] rows = {{1, 7}, {2, 7}, {-1, 7}, {-2, 7}};
    LinearModel model = new ProbeLearner(rows, new boolean[] {true, true, false, false}).fit(1);
    assertThat(model.logit(rows[0])).isFinite().isPositive();
  }

  @Test
  void fit_featureOfNothingButRounding_getsNoHugeWeight() {
    float[][] rows = {{1, 1e-33f}, {2, 2e-33f}, {-1, -1e-33f}, {-2, 0}};
    LinearModel model = new ProbeLearner(rows, new boolean[] {true, true, false, false}).fit(1);
    assertThat(Math.abs(model.weight()[1])).isLessThan(1e-20);
  }

  @Test
  void terms_cancellingWeights_areLargerThanTheLogit() {
    LinearModel model = new LinearModel(new double[] {100, -100}, 0);
    float[][] rows = {{1, 1}, {2, -1}};
    assertThat(model.logit(rows[0])).isZero();
    assertThat(model.terms(rows)).isEqualTo(250, within(1e-9));
  }

  @Test
  void fit_shareOfPositivesIsSmall_offsetIsNotRegularised() {
    float[][] rows = new float[1000][1];
    boolean[] positive = new boolean[1000];
    Random random = new Random(4);
    for (int i = 0; i < rows.length; i++) {
      rows[i][0] = (float) random.nextGaussian();
      positive[i] = i % 10 == 0;
    }
    LinearModel model = new ProbeLearner(rows, positive).fit(1e-6);
    assertThat(model.bias()).isEqualTo(Math.log(1 / 9.0), within(.05));
  }

  @Test
  void differenceOfMeans_twoClusters_pointsFromOneToTheOtherAndIsZeroMidway() {
    float[][] rows = {{0, 0}, {0, 2}, {4, 1}, {4, 3}};
    LinearModel model =
        ProbeLearner.differenceOfMeans(rows, new boolean[] {false, false, true, true});
    assertThat(model.weight()).containsExactly(4, 1);
    assertThat(model.logit(new float[] {2, 1.5f})).isEqualTo(0, within(1e-12));
  }

  private static float[][] gaussian(int rows, int width, long seed) {
    Random random = new Random(seed);
    float[][] values = new float[rows][width];
    for (float[] row : values) {
      for (int d = 0; d < width; d++) {
        row[d] = (float) (random.nextGaussian() * (d + 1) + d);
      }
    }
    return values;
  }

  private static boolean[] labels(float[][] rows) {
    boolean[] positive = new boolean[rows.length];
    for (int i = 0; i < rows.length; i++) {
      positive[i] = rows[i][0] + .3 * rows[i][1] > 0;
    }
    return positive;
  }
}
