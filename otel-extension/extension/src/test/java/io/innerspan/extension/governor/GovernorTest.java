package io.innerspan.extension.governor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.innerspan.extension.governor.GovernorListener.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GovernorTest {
  private static final List<List<String>> THREE = List.of(List.of("a"), List.of("b"), List.of("c"));
  private static final long BASE = 1_000_000;

  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private final GovernorListener listener =
      new GovernorListener() {
        @Override
        public void shed(int gate, List<String> signals, Reason reason, double rate) {
          told.add("shed " + signals + " " + reason + (rate > 0 ? " to " + rate : ""));
        }

        @Override
        public void restored(int gate, List<String> signals) {
          told.add("restored " + signals);
        }

        @Override
        public void measured(int gate, List<String> signals, double cost) {
          told.add(String.format(Locale.ROOT, "measured %s %.2f", signals, cost));
        }
      };
  private GovernorListener.@Nullable Reason pressure;

  private Governor governor(double rate, double budget) {
    return governor(rate, budget, 0);
  }

  private Governor governor(double rate, double budget, int standing) {
    return new Governor(
        new GovernorSettings(rate, budget), THREE, standing, () -> pressure, listener, 20_260_701);
  }

  @ParameterizedTest
  @CsvSource({"0.002, 500", "0.005, 200", "0.01, 100", "0.5, 2", "1, 1"})
  void open_ofEachPeriod_samplesExactlyOne(double rate, int period) {
    Governor governor = governor(rate, 1);
    int samples = 50;
    List<Integer> places = new ArrayList<>();
    for (int sample = 0; sample < samples; sample++) {
      int opened = 0;
      for (int i = 0; i < period; i++) {
        if (governor.open() != 0) {
          opened++;
          places.add(i);
        }
      }
      assertThat(opened).as("sample %s", sample).isEqualTo(1);
    }
    assertThat(places.stream().distinct().count()).isGreaterThan(Math.min(period, samples) / 2);
  }

  @Test
  void open_everySecondSample_opensAllGates_andTheOthersOneByTurns() {
    Governor governor = governor(0.5, 1);
    List<Long> opened = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      long gates = governor.open();
      if (gates != 0) {
        opened.add(gates);
      }
    }
    assertThat(opened).containsExactly(7L, 1L, 7L, 2L, 7L, 4L, 7L, 1L);
  }

  @Test
  void open_atTheRateOne_opensAllGatesAlways() {
    Governor governor = governor(1, 0);
    for (int i = 0; i < 20; i++) {
      assertThat(governor.open()).isEqualTo(7);
      governor.ended(7, 16, -1, BASE);
    }
  }

  @Test
  void open_ofOrdinaryInferences_waitsForNobody() throws Exception {
    JvmPressure jvm = new JvmPressure(() -> 0); // After a second it is time to look, with a lock.
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      for (double rate : new double[] {1, 0.005}) {
        Governor governor =
            new Governor(new GovernorSettings(rate, 0.02), THREE, 2, jvm, listener, 20_260_701);
        synchronized (governor) {
          synchronized (jvm) {
            Future<Long> opened =
                thread.submit(
                    () -> {
                      long gates = governor.open();
                      governor.ended(gates, 16, -1, BASE);
                      return gates;
                    });
            // It may be one with a standing gate shut, for a trial.
            assertThat(opened.get(20, TimeUnit.SECONDS))
                .isBetween(rate == 1 ? 7L : 0L, rate == 1 ? 7L : 3L);
          }
        }
      }
    } finally {
      thread.shutdownNow();
    }
  }

  @Test
  void pressure_atTheRateOne_shedsAllUntilItIsOver() {
    Governor governor = governor(1, 0);
    assertThat(governor.open()).isEqualTo(7);
    pressure = Reason.GC;
    assertThat(governor.open()).isZero();
    governor.ended(0, 16, -1, BASE);
    pressure = null;
    assertThat(governor.open()).isEqualTo(7);
    assertThat(told).containsExactly("shed [a, b, c] GC", "restored [a, b, c]");
  }

  @Test
  void open_withoutGatesOrRate_isNothing() {
    Governor none =
        new Governor(new GovernorSettings(1, 1), List.of(), 0, Pressure.NONE, listener, 1);
    assertThat(none.open()).isZero();
    Governor never = governor(0, 1);
    for (int i = 0; i < 1000; i++) {
      assertThat(never.open()).isZero();
    }
    never.ended(0, 1, -1, 1);
  }

  @Test
  void ended_measuresEachGateAgainstInputsOfTheSameSize() {
    Governor governor = governor(0.1, 1);
    // Inputs of 128 take ten times as long; with gate b an inference takes half as long again.
    drive(governor, 20_000, gate -> gate == 1 ? 1.5 : 1);
    assertThat(told).isNotEmpty().allMatch(line -> line.startsWith("measured"));
    assertThat(told).contains("measured [a] 0.00", "measured [b] 0.50", "measured [c] 0.00");
    assertThat(told).doesNotContain("measured [b] 0.00");
  }

  @Test
  void ended_stepsOfAGeneration_areComparedWithStepsOfTheSameCache() {
    Governor governor = governor(0.1, 1);
    Random random = new Random(5);
    for (int i = 0; i < 60_000; i++) {
      long gates = governor.open();
      long cached = new long[] {0, 65, 110, 1000}[random.nextInt(4)];
      // A step with a long cache takes longer; gate b adds half.
      double nanos = BASE * (1 + 3 * cached) * ((gates & 2) != 0 ? 1.5 : 1);
      governor.ended(gates, 1, cached, Math.round(nanos));
    }
    assertThat(told).contains("measured [b] 0.50").doesNotContain("shed");
    assertThat(told).allMatch(line -> line.endsWith(line.contains("[b]") ? "] 0.50" : "] 0.00"));
  }

  @Test
  void stratum_separatesWhatDiffersByMoreThanAFifth() {
    assertThat(Costs.stratum(65, -1)).isNotEqualTo(Costs.stratum(128, -1));
    assertThat(Costs.stratum(64, -1)).isEqualTo(Costs.stratum(70, -1));
    assertThat(Costs.stratum(100, -1)).isNotEqualTo(Costs.stratum(1, 99));
    assertThat(Costs.stratum(1, 50)).isNotEqualTo(Costs.stratum(1, 99));
    assertThat(Costs.stratum(1, 0)).isEqualTo(Costs.stratum(1, 0));
  }

  @Test
  void budget_exceeded_shedsTheDearestOnly_andTriesItAgainMuchLater() {
    Governor governor = governor(0.1, 0.02);
    // At a rate of a tenth: a 0.2 % and c 0.5 % fit, b with 50 % does not.
    drive(governor, 2_000, gate -> new double[] {1.02, 1.5, 1.05}[gate]);
    assertThat(told.stream().filter(line -> line.startsWith("shed")))
        .containsExactly("shed [b] BUDGET to 5.0E-4");
    told.clear();
    drive(governor, 40_000, gate -> new double[] {1.02, 1.01, 1.05}[gate]);
    assertThat(told.stream().filter(line -> !line.startsWith("measured")))
        .as("it became cheap, so it stays")
        .containsExactly("restored [b]");
    assertThat(openedIn(governor, 200)).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource({"0.002, 2000", "0.005, 2000", "0.01, 2000", "0.0003, 6666"})
  void budget_thatNoSignalFits_leavesEachAtTheLeastRate_andFewSlowInferences(
      double rate, int period) {
    Governor governor = governor(rate, 0);
    drive(governor, (int) (100 / rate), gate -> 30);
    assertThat(told.stream().filter(line -> line.startsWith("shed")).distinct())
        .hasSize(3)
        .allMatch(line -> line.endsWith(" to " + 1.0 / period));
    int[] opened = new int[3];
    int slow = 0;
    int inferences = 5 * period;
    for (int i = 0; i < inferences; i++) {
      long gates = governor.open();
      slow += gates == 0 ? 0 : 1;
      for (int gate = 0; gate < 3; gate++) {
        opened[gate] += (int) (gates >>> gate & 1);
      }
    }
    assertThat(Arrays.stream(opened).min()).hasValue(5);
    assertThat(slow).isEqualTo(5);
  }

  @Test
  void pressure_shutsAlsoWhatIsSampledAtTheLeastRate() {
    Governor governor = governor(0.1, 0);
    drive(governor, 2_000, gate -> 30);
    pressure = Reason.HEAP;
    assertThat(openedIn(governor, 4_000)).isZero();
  }

  @Test
  void budget_neverFitting_isTriedLessAndLess() {
    Governor governor = governor(0.1, 0.02);
    drive(governor, 100_000, gate -> gate == 1 ? 3 : 1);
    long sheddings = told.stream().filter("shed [b] BUDGET to 5.0E-4"::equals).count();
    assertThat(sheddings).isBetween(3L, 8L);
    assertThat(told).noneMatch(line -> line.startsWith("shed [a]") || line.startsWith("shed [c]"));
  }

  @Test
  void pressure_shedsAllUntilItIsOver() {
    Governor governor = governor(0.5, 1);
    assertThat(openedIn(governor, 20)).isEqualTo(7);
    pressure = Reason.HEAP;
    assertThat(openedIn(governor, 20)).isZero();
    assertThat(governor.openOnDemand()).isZero();
    pressure = null;
    assertThat(openedIn(governor, 20)).isEqualTo(7);
    assertThat(governor.openOnDemand()).isEqualTo(7);
    assertThat(told).containsExactly("shed [a, b, c] HEAP", "restored [a, b, c]");
  }

  @Test
  void open_inManyThreads_keepsTheRate() throws Exception {
    Governor governor = governor(0.01, 1);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Integer>> counts = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        counts.add(
            threads.submit(
                () -> {
                  int opened = 0;
                  for (int i = 0; i < 10_000; i++) {
                    long gates = governor.open();
                    opened += gates == 0 ? 0 : 1;
                    governor.ended(gates, 16, -1, BASE);
                  }
                  return opened;
                }));
      }
      int opened = 0;
      for (Future<Integer> count : counts) {
        opened += count.get();
      }
      assertThat(opened).isEqualTo(400);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void jvmPressure_ofAFullHeapOrABusyCollector_isSaid() {
    assertThat(JvmPressure.reason(0.95, 0)).isEqualTo(Reason.HEAP);
    assertThat(JvmPressure.reason(0.5, 0.5)).isEqualTo(Reason.GC);
    assertThat(JvmPressure.reason(0.89, 0.19)).isNull();
    assertThat(new JvmPressure().reason()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"-0.1, 0.02", "1.1, 0.02", "NaN, 0.02", "0.005, -1", "0.005, 2"})
  void settings_outsideOfAFraction_areRejected(double rate, double budget) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GovernorSettings(rate, budget))
        .withMessageContaining("expected from 0 to 1");
  }

  @Test
  void open_standingGates_areOpenButForTrialsOfEachAndOfAll() {
    Governor governor = governor(0.005, 1, 2);
    int[] opened = new int[8];
    for (int i = 0; i < 16_000; i++) {
      opened[(int) governor.open()]++;
    }
    // 80 samples, half of them with all gates and half with the third beside the standing ones.
    assertThat(opened[7]).isEqualTo(80);
    assertThat(opened[3]).isBetween(13_850, 14_050);
    assertThat(opened[0]).isBetween(980, 1_000);
    assertThat(opened[1] + opened[2]).isBetween(980, 1_000);
    assertThat(opened[1]).isBetween(485, 500);
    assertThat(opened[4] + opened[5] + opened[6]).isZero();
  }

  @Test
  void budget_standingGatesThatFit_stay_andTrialsBecomeRare() {
    Governor governor = governor(0.005, 0.02, 2);
    drive(governor, 20_000, gate -> gate == 2 ? 1.5 : 1.004);
    assertThat(told).noneMatch(line -> line.startsWith("shed"));
    assertThat(told).contains("measured [c] 0.50");
    int shut = 0;
    for (int i = 0; i < 10_240; i++) {
      shut += (governor.open() & 3) != 3 ? 1 : 0;
    }
    assertThat(shut).isBetween(10, 21);
  }

  @Test
  void budget_standingGatesTooDear_theDearestIsSampledInstead_andTriedAgainLater() {
    Governor governor = governor(0.1, 0.02, 2);
    drive(governor, 1_900, gate -> new double[] {1.005, 1.06, 1.01}[gate]);
    assertThat(told.stream().filter(line -> line.startsWith("shed")))
        .containsExactly("shed [b] BUDGET to 0.1");
    told.clear();
    int[] opened = new int[8];
    for (int i = 0; i < 400; i++) {
      opened[(int) governor.open()]++;
    }
    assertThat(opened[1]).as("the cheaper one stays").isGreaterThan(330);
    assertThat(opened[7]).as("all signals of a sample").isEqualTo(20);
    assertThat(opened[3] + opened[5]).as("one beside it").isBetween(19, 21);
    drive(governor, 20_000, gate -> new double[] {1.002, 1.002, 1.01}[gate]);
    assertThat(told.stream().filter(line -> !line.startsWith("measured")))
        .containsExactly("restored [b]");
    assertThat(governor.open() & 2).isEqualTo(2);
  }

  @Test
  void budget_ofStandingGatesOnABusyMachine_isKeptWhateverTheNoise() {
    int kept = 0;
    int tooDear = 0;
    for (int seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      Governor cheap = governor(0.005, 0.02, 2);
      drive(cheap, 12_000, gate -> gate == 2 ? 1.5 : 1.001, () -> noise(random));
      kept += Long.bitCount(usual(cheap));
      // Together 1.6 %, which chance alone makes look like less than one.
      Governor dear = governor(0.005, 0.02, 2);
      drive(dear, 12_000, gate -> gate == 2 ? 1.5 : 1.008, () -> noise(random));
      tooDear += usual(dear) == 3 ? 1 : 0;
    }
    assertThat(kept).isGreaterThan(60);
    assertThat(tooDear).isLessThan(6);
  }

  /** Most inferences take about the same time, some take longer. */
  private static double noise(Random random) {
    double usual = 1 + 0.04 * random.nextGaussian();
    return random.nextInt(10) == 0 ? usual * (1 + random.nextDouble()) : usual;
  }

  /** The gates that are open for most inferences. */
  private static long usual(Governor governor) {
    int[] opened = new int[8];
    for (int i = 0; i < 100; i++) {
      opened[(int) governor.open()]++;
    }
    return IntStream.range(0, 8).boxed().max(Comparator.comparing(i -> opened[i])).orElseThrow();
  }

  @Test
  void open_standingGatesAtTheRateZero_areOpenAndGoverned() {
    Governor governor = governor(0, 0.02, 3);
    assertThat(governor.governs()).isTrue();
    drive(governor, 5_000, gate -> gate == 0 ? 1.2 : 1.002);
    assertThat(told.stream().filter(line -> line.startsWith("shed")))
        .containsExactly("shed [a] BUDGET");
    assertThat(openedIn(governor, 50)).isEqualTo(6);
    pressure = Reason.GC;
    openedIn(governor, 400);
    assertThat(openedIn(governor, 400)).isZero();
  }

  private interface Slowdown {
    double of(int gate);
  }

  /** Inferences of two sizes by turns, each gate slowing them down as it is said. */
  private static void drive(Governor governor, int inferences, Slowdown slowdown) {
    drive(governor, inferences, slowdown, () -> 1);
  }

  private static void drive(
      Governor governor, int inferences, Slowdown slowdown, DoubleSupplier noise) {
    for (int i = 0; i < inferences; i++) {
      long gates = governor.open();
      boolean large = i / 3 % 2 == 0;
      double nanos = (large ? 10 * BASE : BASE) * noise.getAsDouble();
      for (int gate = 0; gate < 3; gate++) {
        if ((gates >>> gate & 1) != 0) {
          nanos *= slowdown.of(gate);
        }
      }
      governor.ended(gates, large ? 128 : 16, -1, Math.round(nanos));
    }
  }

  private static long openedIn(Governor governor, int inferences) {
    long opened = 0;
    for (int i = 0; i < inferences; i++) {
      opened |= governor.open();
    }
    return opened;
  }
}
