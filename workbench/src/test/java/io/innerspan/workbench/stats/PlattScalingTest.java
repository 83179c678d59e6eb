package io.innerspan.workbench.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PlattScalingTest {
  @Test
  void fit_logitLnNineRightThreeTimesOfFour_halvesTheSlope() {
    // σ(ln 9) = .9 is said, .75 = σ(ln 3) is true: temperature 2, slope ½.
    int n = 40_000;
    double[] logits = new double[n];
    boolean[] positive = new boolean[n];
    for (int i = 0; i < n; i++) {
      boolean high = i % 2 == 0;
      logits[i] = high ? Math.log(9) : -Math.log(9);
      positive[i] = (i / 2 % 4 == 0) != high;
    }
    PlattScaling platt = PlattScaling.fit(logits, positive, share(positive));
    assertThat(platt.a()).isEqualTo(.5, within(1e-3));
    assertThat(platt.b()).isEqualTo(0, within(1e-3));
  }

  @Test
  void fit_separatedRows_staysFiniteByTheSmoothedTargets() {
    PlattScaling platt =
        PlattScaling.fit(new double[] {-2, -1, 1, 2}, new boolean[] {false, false, true, true}, .5);
    assertThat(platt.a()).isBetween(.3, 3.0);
    assertThat(platt.b()).isEqualTo(0, within(1e-6));
  }

  @Test
  void fit_drawnFromALogisticModel_findsIt() {
    Random random = new Random(3);
    int n = 50_000;
    double[] logits = new double[n];
    boolean[] positive = new boolean[n];
    for (int i = 0; i < n; i++) {
      logits[i] = 3 * random.nextGaussian();
      positive[i] = random.nextDouble() < 1 / (1 + Math.exp(-(.8 * logits[i] - 1.5)));
    }
    PlattScaling platt = PlattScaling.fit(logits, positive, share(positive));
    assertThat(platt.a()).isEqualTo(.8, within(.03));
    assertThat(platt.b()).isEqualTo(-1.5, within(.06));
  }

  @Test
  void fit_scoresUpsideDown_slopesDownwards() {
    PlattScaling platt =
        PlattScaling.fit(new double[] {2, 1, -1, -2}, new boolean[] {false, false, true, true}, .5);
    assertThat(platt.a()).isNegative();
  }

  @Test
  void fit_hugeLogits_doesNotOverflow() {
    PlattScaling platt =
        PlattScaling.fit(
            new double[] {-1e4, 1e4, -9e3, 9e3}, new boolean[] {false, true, false, true}, .5);
    assertThat(platt.a()).isFinite().isPositive();
    assertThat(platt.b()).isFinite();
  }

  @Test
  void fit_anotherShareOfPositives_movesTheOffsetOnly() {
    Random random = new Random(5);
    int n = 20_000;
    double[] logits = new double[n];
    boolean[] positive = new boolean[n];
    for (int i = 0; i < n; i++) {
      positive[i] = i % 2 == 0;
      logits[i] = random.nextGaussian() + (positive[i] ? 1 : -1);
    }
    PlattScaling even = PlattScaling.fit(logits, positive, .5);
    PlattScaling rare = PlattScaling.fit(logits, positive, .1);
    assertThat(even.b()).isEqualTo(0, within(.06));
    assertThat(rare.b()).isEqualTo(Math.log(1 / 9.0), within(.1));
    assertThat(rare.a()).isEqualTo(even.a(), within(.1));
  }

  private static double share(boolean[] positive) {
    double count = 0;
    for (boolean p : positive) {
      count += p ? 1 : 0;
    }
    return count / positive.length;
  }
}
