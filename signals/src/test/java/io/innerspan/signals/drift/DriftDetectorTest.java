package io.innerspan.signals.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What is found how soon. Baselines are of 20,000 independent values. */
class DriftDetectorTest {
  private static final int SEEDS = 20;
  private static final int NEARLY_ALL = 19;
  private static final int BASELINE = 20_000;

  /** What charts count time in. */
  private static final long TICK = 1 << 24;

  private static final List<String> FOUND = new ArrayList<>();

  /** For the documentation. */
  @AfterAll
  static void write() throws IOException {
    Files.write(Path.of("target", "drift-found.txt"), FOUND);
  }

  @Test
  void charts_ofAllKinds_haveLanes() {
    assertThat(ChartKind.values()).hasSizeLessThanOrEqualTo(ChartTable.LANES);
  }

  @Test
  void offer_meanShiftedByHalfADeviation_isFoundWithin300() {
    assertThat(soonEnough(300, value -> value + 0.5)).isGreaterThanOrEqualTo(NEARLY_ALL);
    assertThat(soonEnough(300, value -> value - 0.5)).isGreaterThanOrEqualTo(NEARLY_ALL);
  }

  @Test
  void offer_varianceDoubled_isFoundWithin1000() {
    assertThat(soonEnough(1_000, value -> value * Math.sqrt(2))).isGreaterThanOrEqualTo(NEARLY_ALL);
  }

  @Test
  void offer_clusterOfATwentieth_isFoundWithin2000() {
    Random random = new Random(5);
    assertThat(soonEnough(2_000, value -> random.nextInt(20) == 0 ? 3 + 0.5 * value : value))
        .isGreaterThanOrEqualTo(NEARLY_ALL);
    assertThat(soonEnough(2_000, value -> random.nextInt(20) == 0 ? -3 + 0.5 * value : value))
        .isGreaterThanOrEqualTo(NEARLY_ALL);
  }

  /** A signal's own distribution does not matter: bins are quantiles. */
  @Test
  void offer_shiftOfALogNormalSignal_isFoundAsSoon() {
    int found = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      DoubleSupplier stream = Streams.independent(seed);
      double[] baseline = Streams.take(stream, BASELINE);
      for (int i = 0; i < BASELINE; i++) {
        baseline[i] = Math.exp(3 * baseline[i]);
      }
      DriftDetector detector = detector(Baseline.of(baseline));
      found += foundWithin(detector, () -> Math.exp(3 * (stream.getAsDouble() + 0.5)), 300) ? 1 : 0;
    }
    assertThat(found).isGreaterThanOrEqualTo(NEARLY_ALL);
  }

  @Test
  void offer_drift_saysWhatItIs() {
    DoubleSupplier stream = Streams.independent(7);
    DriftDetector detector = detector(Baseline.of(Streams.take(stream, BASELINE)));
    List<Drift> found = new ArrayList<>();
    long nanos = 0;
    while (found.isEmpty()) {
      detector.offer(new double[] {stream.getAsDouble() - 1}, nanos += TICK, found::add);
    }

    Drift drift = found.get(0);
    assertThat(drift.method()).isEqualTo("cusum_mean");
    assertThat(drift.direction()).isEqualTo(-1);
    assertThat(drift.signal()).isZero();
    assertThat(drift.effect()).isCloseTo(-1, within(0.35));
    assertThat(drift.score()).isGreaterThanOrEqualTo(drift.limit());
    assertThat(drift.pValue()).isPositive().isLessThan(0.002);
    assertThat(drift.count()).isBetween(10L, 200L);
    assertThat(drift.sinceNanos()).isEqualTo(nanos - TICK * (drift.count() - 1));
  }

  @Test
  void offer_driftThatLasts_isFoundAgain() {
    DoubleSupplier stream = Streams.independent(8);
    DriftDetector detector = detector(Baseline.of(Streams.take(stream, BASELINE)));
    List<Drift> found = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      detector.offer(new double[] {stream.getAsDouble() + 1}, i, found::add);
    }

    assertThat(found).hasSizeGreaterThan(10).allMatch(drift -> drift.direction() == 1);
  }

  @Test
  void offer_correlatedValues_findsALargeShift() {
    Baseline baseline = Baseline.of(Streams.take(Streams.autocorrelated(9), 200_000));
    DoubleSupplier stream = Streams.autocorrelated(10);

    assertThat(foundWithin(detector(baseline), () -> stream.getAsDouble() + 1, 10_000)).isTrue();
  }

  @Test
  void charts_ofASmallBaseline_areFewer() {
    double[] values = Streams.take(Streams.independent(11), BASELINE);

    assertThat(detector(Baseline.of(values)).charts(0)).hasSize(6);
    assertThat(detector(Baseline.of(Arrays.copyOf(values, 1_500))).charts(0))
        .contains("cusum_mean_above", "cusum_mean_below")
        .doesNotContain("cusum_tail_above");
    assertThat(detector(Baseline.of(Arrays.copyOf(values, 200))).charts(0)).isEmpty();
  }

  @Test
  void offer_windows_findWhatTheyLookFor() {
    Baseline baseline = Baseline.of(Streams.take(Streams.independent(12), BASELINE));
    assertThat(window(baseline, DriftMethod.PSI, value -> 0.75 * value)).isEmpty();
    List<Drift> psi = window(baseline, DriftMethod.PSI, value -> value + 0.6);
    List<Drift> ks = window(baseline, DriftMethod.KS, value -> value - 0.5);

    assertThat(window(baseline, DriftMethod.PSI, value -> value)).isEmpty();
    assertThat(window(baseline, DriftMethod.KS, value -> value)).isEmpty();
    assertThat(psi).hasSize(5).allMatch(drift -> drift.method().equals("psi"));
    // Between normal distributions that are d apart, the index is d² and the distance 2 Φ(d / 2) −
    // 1.
    assertThat(psi.get(0).effect()).isCloseTo(0.36, within(0.1));
    assertThat(ks).hasSize(5).allMatch(drift -> drift.direction() == -1);
    assertThat(ks.get(0).effect()).isCloseTo(0.197, within(0.04));
    assertThat(ks.get(0).count()).isEqualTo(2_000);
    assertThat(ks.get(0).pValue()).isLessThan(1e-6);
  }

  /**
   * A large sample makes every difference significant; one that nobody cares about is no finding.
   */
  @Test
  void offer_largeWindowWithASmallEffect_findsNothing() {
    Baseline baseline = Baseline.of(Streams.take(Streams.independent(13), 200_000));
    DriftDetector detector =
        new DriftDetector(
            new DriftPlan(
                List.of(baseline),
                Set.of(DriftMethod.PSI, DriftMethod.KS),
                100_000,
                0,
                1,
                null,
                Allowance.DEFAULT));
    DoubleSupplier stream = Streams.independent(14);

    assertThat(foundWithin(detector, () -> stream.getAsDouble() + 0.1, 300_000)).isFalse();
  }

  /** Each signal alone is inside its limits; together they are not. */
  @Test
  void offer_signalsThatPartCompany_areFoundTogether() {
    Random random = new Random(15);
    double[] first = new double[BASELINE];
    double[] second = new double[BASELINE];
    for (int i = 0; i < BASELINE; i++) {
      double common = random.nextGaussian();
      first[i] = common + 0.2 * random.nextGaussian();
      second[i] = common + 0.2 * random.nextGaussian();
    }
    List<Baseline> baselines = List.of(Baseline.of(first), Baseline.of(second));
    DriftPlan plan =
        new DriftPlan(
            baselines,
            Set.of(DriftMethod.MAHALANOBIS),
            1_000,
            0,
            1,
            Correlation.of(List.of(first, second), baselines),
            Allowance.DEFAULT);
    List<Drift> found = new ArrayList<>();
    DriftDetector detector = new DriftDetector(plan);
    for (int i = 0; i < 3_000; i++) {
      double common = random.nextGaussian();
      detector.offer(
          new double[] {common + 0.2 * random.nextGaussian(), common + 0.2 * random.nextGaussian()},
          i,
          found::add);
    }
    assertThat(found).isEmpty();
    for (int i = 0; i < 1_000; i++) {
      double common = random.nextGaussian();
      detector.offer(
          new double[] {
            common + 0.15 + 0.2 * random.nextGaussian(), common - 0.15 + 0.2 * random.nextGaussian()
          },
          i,
          found::add);
    }

    assertThat(found).singleElement().matches(drift -> drift.method().equals("mahalanobis"));
    assertThat(found.get(0).signal()).isEqualTo(-1);
  }

  /** Windows of time: a clock that jumps ends one early or late, and breaks nothing. */
  @Test
  void offer_clockThatJumps_breaksNoWindow() {
    Baseline baseline = Baseline.of(Streams.take(Streams.independent(16), BASELINE));
    DriftPlan plan =
        new DriftPlan(
            List.of(baseline), Set.of(DriftMethod.KS), 0, 1_000_000, 500, null, Allowance.DEFAULT);
    DoubleSupplier stream = Streams.independent(17);
    DriftDetector detector = new DriftDetector(plan);
    List<Drift> found = new ArrayList<>();
    long[] jumps = {0, Long.MAX_VALUE / 2, -5_000_000, 42, Long.MIN_VALUE / 4, 0};
    for (long jump : jumps) {
      for (int i = 0; i < 3_000; i++) {
        detector.offer(new double[] {stream.getAsDouble()}, jump + 1_000L * i, found::add);
      }
    }
    assertThat(found).isEmpty();
    for (int i = 0; i < 4_000; i++) {
      detector.offer(new double[] {stream.getAsDouble() + 1}, 1_000L * i, found::add);
    }
    assertThat(found).isNotEmpty().allMatch(drift -> drift.count() >= 500);
  }

  @Test
  void offer_valuesThatAreMissing_areLeftOut() {
    Baseline baseline = Baseline.of(Streams.take(Streams.independent(18), BASELINE));
    DriftDetector detector = detector(baseline);
    List<Drift> found = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      detector.offer(new double[] {Double.NaN}, i, found::add);
      detector.offer(new double[] {Double.POSITIVE_INFINITY}, i, found::add);
    }
    assertThat(found).isEmpty();
  }

  @Test
  void plan_thatIsWrong_isRefused() {
    Baseline baseline = Baseline.of(Streams.take(Streams.independent(19), 1_000));
    assertThatThrownBy(
            () ->
                new DriftPlan(
                    List.of(baseline),
                    Set.of(DriftMethod.MAHALANOBIS),
                    100,
                    0,
                    1,
                    null,
                    Allowance.DEFAULT))
        .hasMessage("correlation: expected a row for each of the 1 signals, found nothing");
    assertThatThrownBy(() -> new Allowance(0, 1))
        .hasMessage("false_per_week: expected above 0 and at most 1, found 0.0");
  }

  private static List<Drift> window(
      Baseline baseline, DriftMethod method, DoubleUnaryOperator change) {
    DriftDetector detector =
        new DriftDetector(
            new DriftPlan(List.of(baseline), Set.of(method), 2_000, 0, 1, null, Allowance.DEFAULT));
    DoubleSupplier stream = Streams.independent(20);
    List<Drift> found = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      detector.offer(new double[] {change.applyAsDouble(stream.getAsDouble())}, i, found::add);
    }
    return found;
  }

  /** Of 20 streams, how many are found to have changed in time, and not before they had. */
  private static int soonEnough(int within, DoubleUnaryOperator change) {
    int count = foundOf20(within, change);
    FOUND.add(count + " of 20 within " + within);
    return count;
  }

  private static int foundOf20(int within, DoubleUnaryOperator change) {
    int found = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      DoubleSupplier stream = Streams.independent(1_000 + seed);
      DriftDetector detector = detector(Baseline.of(Streams.take(stream, BASELINE)));
      boolean before = foundWithin(detector, stream, 500 + 37 * seed);
      boolean after =
          foundWithin(detector, () -> change.applyAsDouble(stream.getAsDouble()), within);
      found += after && !before ? 1 : 0;
    }
    return found;
  }

  private static boolean foundWithin(DriftDetector detector, DoubleSupplier stream, int within) {
    List<Drift> found = new ArrayList<>();
    double[] row = new double[1];
    for (int i = 0; i < within; i++) {
      row[0] = stream.getAsDouble();
      detector.offer(row, i, found::add);
    }
    return !found.isEmpty();
  }

  private static DriftDetector detector(Baseline baseline) {
    return new DriftDetector(
        new DriftPlan(
            List.of(baseline), Set.of(DriftMethod.CUSUM), 0, 0, 1, null, Allowance.DEFAULT));
  }
}
