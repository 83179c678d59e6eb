package io.innerspan.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.Calibration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProbeRecorderTest {
  @Test
  void leastLogit_oneHalf_isZero() {
    // Half a unit in the last place of 1 below 0, the score still rounds to one half.
    assertThat(ProbeRecorder.leastLogit(new Calibration.None(), 0.5)).isBetween(-1e-15, 0.0);
    assertThat(ProbeRecorder.leastLogit(new Calibration.Platt(2, -6), 0.5))
        .isBetween(3 - 1e-15, 3.0);
  }

  @Test
  void leastLogit_ofEnds_isReachedByEverythingOrOnlyByCertainty() {
    assertThat(ProbeRecorder.leastLogit(new Calibration.None(), 0)).isNegative().isInfinite();
    assertThat(ProbeRecorder.leastLogit(new Calibration.None(), 1)).isBetween(36.0, 38.0);
  }

  @Test
  void leastLogit_anyCalibration_separatesExactly() {
    Random random = new Random(11);
    for (int i = 0; i < 1000; i++) {
      Calibration calibration =
          i % 2 == 0
              ? new Calibration.Temperature(0.1 + random.nextDouble() * 5)
              : new Calibration.Platt(0.1 + random.nextDouble() * 5, random.nextGaussian());
      double threshold = random.nextDouble();
      double least = ProbeRecorder.leastLogit(calibration, threshold);

      assertThat(calibration.score(least)).isGreaterThanOrEqualTo(threshold);
      assertThat(calibration.score(Math.nextDown(least))).isLessThan(threshold);
    }
  }
}
