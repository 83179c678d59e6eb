package io.innerspan.signals.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BaselineTest {
  @Test
  void of_independentValues_hasNoRegimesAndNeedsNoThinning() {
    Baseline baseline = Baseline.of(Streams.take(Streams.independent(1), 20_000));

    assertThat(baseline.count()).isEqualTo(20_000);
    assertThat(baseline.edges()).hasSize(37);
    assertThat(baseline.regimes()).isEmpty();
    assertThat(baseline.block()).isEqualTo(20_000);
    assertThat(Thinning.of(baseline.autocorrelation(), baseline.count()))
        .isEqualTo(new Thinning(1, 1));
    assertThat(Thinning.time(baseline.autocorrelation(), baseline.count())).isEqualTo(1);
  }

  /** The correlation falls below a twentieth at .9^32 = .034; one value says as much as 1 in 19. */
  @Test
  void of_autocorrelatedValues_isThinned() {
    Baseline baseline = Baseline.of(Streams.take(Streams.autocorrelated(2), 200_000));

    assertThat(baseline.regimes()).isEmpty();
    assertThat(baseline.autocorrelation().get(0)).isCloseTo(0.9, within(0.02));
    assertThat(Thinning.of(baseline.autocorrelation(), baseline.count()).every()).isEqualTo(32);
    assertThat(Thinning.time(baseline.autocorrelation(), baseline.count()))
        .isCloseTo(19, within(4.0));
  }

  @Test
  void of_diurnalValues_knowsDayAndNight() {
    Baseline baseline = Baseline.of(Streams.take(Streams.diurnal(3, 100_000), 400_000));
    Regimes regimes = Regimes.of(baseline, baseline.bins());

    // One standard deviation of the noise, of a total of √1.5.
    assertThat(regimes.highMean()).isCloseTo(1 / Math.sqrt(1.5), within(0.1));
    assertThat(regimes.lowMean()).isCloseTo(-1 / Math.sqrt(1.5), within(0.1));
    assertThat(baseline.block()).isEqualTo(6250);
  }

  /** Whatever the distribution: a bin's place is its quantile. */
  @Test
  void bins_ofAnyDistribution_areNormalOnTheirScale() {
    Random random = new Random(4);
    double[] values = new double[50_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.exp(3 * random.nextGaussian());
    }
    Bins bins = Baseline.of(values).bins();

    double mean = 0;
    double square = 0;
    for (int b = 0; b < bins.size(); b++) {
      mean += bins.share(b) * bins.mean(b);
      square += bins.share(b) * bins.square(b);
    }
    assertThat(mean).isCloseTo(0, within(1e-9));
    assertThat(square).isCloseTo(1, within(1e-9));
    assertThat(bins.of(0)).isZero();
    assertThat(bins.of(Double.MAX_VALUE)).isEqualTo(bins.size() - 1);
    assertThat(bins.of(Math.exp(0))).isBetween(bins.size() / 2 - 2, bins.size() / 2 + 2);
  }

  /** Values that many readings share are edges; nothing is divided by an empty bin. */
  @Test
  void bin_isHowManyEdgesLieBelowTheValue() {
    Random random = new Random(11);
    for (int size = 1; size <= 70; size++) {
      double[] edges = random.doubles(size - 1, -3, 3).sorted().toArray();
      double[] shares = new double[size];
      Arrays.fill(shares, 1.0 / size);
      Bins bins = new Bins(edges, shares);
      DoubleStream values =
          DoubleStream.concat(
              random.doubles(50, -4, 4),
              DoubleStream.concat(
                  Arrays.stream(edges), DoubleStream.of(-Double.MAX_VALUE, Double.MAX_VALUE)));

      values.forEach(
          value ->
              assertThat(bins.of(value))
                  .isEqualTo((int) Arrays.stream(edges).filter(edge -> edge < value).count()));
    }
  }

  @Test
  void of_fewDifferentValues_hasABinForEach() {
    double[] values = new double[3_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 3;
    }
    Baseline baseline = Baseline.of(values);

    assertThat(baseline.edges()).containsExactly(0.0, 1.0);
    assertThat(baseline.bins().of(0)).isZero();
    assertThat(baseline.bins().of(1)).isEqualTo(1);
    assertThat(baseline.bins().of(2)).isEqualTo(2);
  }

  @Test
  void of_valuesThatSayNothing_isRefused() {
    assertThatThrownBy(() -> Baseline.of(new double[199]))
        .hasMessage("values: expected at least 200, found 199");
    assertThatThrownBy(() -> Baseline.of(new double[1_000]))
        .hasMessage("values: expected at least two that are not rare, found only 0.0");
    double[] infinite = new double[1_000];
    infinite[7] = Double.POSITIVE_INFINITY;
    assertThatThrownBy(() -> Baseline.of(infinite))
        .hasMessage("values[7]: expected a finite number, found Infinity");
  }

  @ParameterizedTest
  @MethodSource
  void new_withWrongNumbers_isRefused(
      long count,
      List<Double> edges,
      List<Double> shares,
      List<Double> autocorrelation,
      List<List<Double>> regimes,
      long block,
      String message) {
    assertThatThrownBy(() -> new Baseline(count, edges, shares, autocorrelation, regimes, block))
        .hasMessage(message);
  }

  static List<Object[]> new_withWrongNumbers_isRefused() {
    List<Double> edge = List.of(0.0);
    List<Double> half = List.of(0.5, 0.5);
    List<Double> none = List.of();
    List<List<Double>> noRegimes = List.of();
    return Arrays.asList(
        new Object[] {
          199L, edge, half, none, noRegimes, 199L, "count: expected at least 200, found 199"
        },
        new Object[] {200L, none, half, none, noRegimes, 200L, "edges: expected 1 to 256, found 0"},
        new Object[] {
          200L,
          List.of(1.0, 1.0),
          half,
          none,
          noRegimes,
          200L,
          "edges[1]: expected more than the one before, 1.0, found 1.0"
        },
        new Object[] {
          200L,
          List.of(Double.NaN),
          half,
          none,
          noRegimes,
          200L,
          "edges[0]: expected a finite number, found NaN"
        },
        new Object[] {
          200L,
          edge,
          List.of(1.0),
          none,
          noRegimes,
          200L,
          "shares: expected one more than edges, 2, found 1"
        },
        new Object[] {
          200L,
          edge,
          List.of(0.5, 0.4),
          none,
          noRegimes,
          200L,
          "shares: expected the sum 1, found 0.9"
        },
        new Object[] {
          200L,
          edge,
          List.of(1.0, 0.0),
          none,
          noRegimes,
          200L,
          "shares[0]: expected above 0 and below 1, found 1.0"
        },
        new Object[] {
          200L,
          edge,
          half,
          List.of(1.5),
          noRegimes,
          200L,
          "autocorrelation[0]: expected a number from -1 to 1, found 1.5"
        },
        new Object[] {
          200L,
          edge,
          half,
          Collections.nCopies(21, 0.0),
          noRegimes,
          200L,
          "autocorrelation: expected at most 20 lags, found 21"
        },
        new Object[] {
          200L,
          edge,
          half,
          none,
          List.of(List.of(-0.5, 1.5)),
          200L,
          "regimes[0][0]: expected from 0 to 1, found -0.5"
        },
        new Object[] {
          200L,
          edge,
          half,
          none,
          noRegimes,
          201L,
          "block: expected from 1 to the count, 200, found 201"
        });
  }
}
