package io.innerspan.signals.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class DistancesTest {
  @Test
  void psi_knownAnswer() {
    double psi = Distances.psi(new double[] {0.5, 0.5}, new double[] {0.25, 0.75});

    assertThat(psi).isCloseTo(0.27465, within(1e-5));
  }

  /** {1, 2, 3, 4} against {3, 4, 5, 6}. */
  @Test
  void ks_knownAnswer() {
    double[] first = {0.25, 0.25, 0.25, 0.25, 0, 0};
    double[] second = {0, 0, 0.25, 0.25, 0.25, 0.25};

    assertThat(Distances.ks(first, second)).isEqualTo(0.5);
    assertThat(Distances.ks(second, first)).isEqualTo(-0.5);
  }

  /** diag(4, 1) and (2, 2): in units of the deviations (1, 2), uncorrelated. */
  @Test
  void squaredDistance_knownAnswer() {
    Correlation none = new Correlation(List.of(List.of(1.0, 0.0), List.of(0.0, 1.0)));
    assertThat(none.squaredDistance(new double[] {1, 2})).isEqualTo(5);

    // With correlation r, (1, 1) has the distance 2 / (1 + r).
    Correlation half = new Correlation(List.of(List.of(1.0, 0.5), List.of(0.5, 1.0)));
    assertThat(half.squaredDistance(new double[] {1, 1})).isCloseTo(4.0 / 3, within(1e-12));
  }

  @Test
  void divergence_knownAnswer() {
    double divergence = Distances.divergence(new double[] {1, 0}, new double[] {0.5, 0.5});

    assertThat(divergence).isCloseTo(Math.log(2), within(1e-12));
  }

  @Test
  void correlation_thatIsNone_isRefused() {
    assertThatThrownBy(() -> new Correlation(List.of(List.of(1.0, 1.0), List.of(1.0, 1.0))))
        .hasMessage(
            "correlation: expected a positive definite matrix, found row 1 follows from others");
    assertThatThrownBy(() -> new Correlation(List.of(List.of(1.0, 0.2), List.of(0.3, 1.0))))
        .hasMessageStartingWith("correlation[1][0]: expected the same from -1 to 1 as in [0][1]");
    assertThatThrownBy(() -> new Correlation(List.of(List.of(1.0, 0.2), List.of(0.2, 2.0))))
        .hasMessage("correlation[1][1]: expected 1, found 2.0");
    assertThatThrownBy(() -> new Correlation(List.of(List.of(1.0))))
        .hasMessage("correlation: expected 2 to 64 rows, found 1");
  }

  /** Quantiles of the normal and the chi-squared distribution from tables. */
  @Test
  void normal_knownAnswers() {
    assertThat(Normal.below(1.959963984540054)).isCloseTo(0.975, within(1e-12));
    assertThat(Normal.below(-6)).isCloseTo(9.865876450376981e-10, within(1e-18));
    assertThat(Normal.quantile(0.975)).isCloseTo(1.959963984540054, within(1e-12));
    assertThat(Normal.quantile(1e-10)).isCloseTo(-6.361340902404056, within(1e-9));
    assertThat(Normal.quantile(0)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(Normal.between(-1, 1)).isCloseTo(0.6826894921370859, within(1e-12));
    assertThat(Normal.chiSquaredAbove(3.841458820694124, 1)).isCloseTo(0.05, within(1e-9));
    assertThat(Normal.chiSquaredAbove(18.307038053275146, 10)).isCloseTo(0.05, within(1e-9));
  }
}
