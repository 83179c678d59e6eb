package io.innerspan.signals.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Reading;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.drift.Baseline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** From readings to findings, with a clock that the test sets. */
class MonitorSetTest {
  private static final HookPoint PLACE = new HookPoint("blocks.0.hook_resid_post");
  private static final String MODEL = "ab".repeat(32);
  private static final MonitorScope SCOPE = new MonitorScope("guard@1.0.0", MODEL, "");
  private static final ReadingLayout LAYOUT = layout(new Calibration.Temperature(1));

  private final FindingGate gate = new FindingGate("test");
  private final List<Finding> found = new ArrayList<>();
  private final List<String> heldBack = new ArrayList<>();
  private final MonitorSet.Sink sink =
      new MonitorSet.Sink() {
        @Override
        public void found(Finding finding) {
          found.add(finding);
        }

        @Override
        public void heldBack(Monitor monitor) {
          heldBack.add(monitor.id());
        }
      };
  private long millis;

  @Test
  void threshold_reachedAndKept_isFoundOnceUntilItIsCleared() {
    MonitorSet set = set(new ThresholdMonitor(rule("high", 0), norm(), Side.ABOVE, 10, 5, 1));

    offer(set, 9.9, 10, 11, 6, 12, 10, 5.1, 30);
    assertThat(found).hasSize(1);
    assertThat(found.get(0).score()).isEqualTo(10);
    assertThat(found.get(0).threshold()).isEqualTo(10);
    assertThat(found.get(0).direction()).isEqualTo("above");
    assertThat(found.get(0).kind()).isEqualTo(FindingKind.THRESHOLD);
    assertThat(found.get(0).signal()).isEqualTo("norm");
    assertThat(found.get(0).confidence()).isNaN();

    offer(set, 5, 10);
    assertThat(found).hasSize(2);
    assertThat(found.get(1).id()).isNotEqualTo(found.get(0).id()).matches("[0-9a-f]{32}");
    assertThat(found.get(1).dedupKey()).isEqualTo(found.get(0).dedupKey()).matches("[0-9a-f]{32}");
  }

  @Test
  void threshold_withoutHysteresis_isArmedByTheFirstValueThatDoesNotCount() {
    MonitorSet set = set(new ThresholdMonitor(rule("low", 0), norm(), Side.BELOW, 1, 1, 1));

    offer(set, 2, 1, 0.5, 1, 1.1, 1);
    assertThat(found).hasSize(2);
  }

  @Test
  void threshold_ofSeveralInARow_wantsThemInARow() {
    MonitorSet set = set(new ThresholdMonitor(rule("high", 0), norm(), Side.ABOVE, 10, 10, 3));

    offer(set, 11, 11, 9, 11, 11);
    assertThat(found).isEmpty();
    offer(set, Double.NaN, 11);
    assertThat(found).hasSize(1);
    assertThat(found.get(0).count()).isEqualTo(3);
    assertThat(found.get(0).windowEnd()).isEqualTo(Instant.ofEpochMilli(millis));
    assertThat(found.get(0).windowStart()).isEqualTo(Instant.ofEpochMilli(millis - 3));
  }

  /** A calibrated score is a probability. */
  @Test
  void threshold_ofAProbe_hasTheScoreAsConfidence() {
    MonitorSet set =
        set(new ThresholdMonitor(rule("p", 0), Watched.of("p"), Side.ABOVE, 0.5, 0.5, 1));

    set.offer(reading((float) Math.log(9), 1), now(), sink);
    assertThat(found).hasSize(1);
    assertThat(found.get(0).confidence()).isBetween(0.8999, 0.9001);
    assertThat(found.get(0).score()).isEqualTo(found.get(0).confidence());
  }

  /** Nobody has said what the logistic function of a raw logit is the probability of. */
  @Test
  void threshold_ofAProbeThatIsNotCalibrated_hasNoConfidence() {
    ReadingLayout layout = layout(new Calibration.None());
    Monitor monitor = new ThresholdMonitor(rule("p", 0), Watched.of("p"), Side.ABOVE, 0.5, 0.5, 1);
    MonitorSet set =
        new MonitorSet(
            new Monitors(List.of(monitor), List.of()), layout, SCOPE, gate, refused -> {});

    set.offer(new Reading(layout, new float[] {(float) Math.log(9), 1, 3}, 1), now(), sink);
    assertThat(found).hasSize(1);
    assertThat(found.get(0).confidence()).isNaN();
    assertThat(found.get(0).score()).isBetween(0.8999, 0.9001);
  }

  @Test
  void rate_ofAWindow_isFoundFromTheMinimumOn() {
    MonitorSet set =
        set(
            new RateMonitor(
                rule("often", 0), norm(), Side.ABOVE, 10, 0.5, 0.2, new Window(10, 0, 4)));

    offer(set, 11, 11, 11);
    assertThat(found).isEmpty();
    offer(set, 1);
    assertThat(found).hasSize(1);
    assertThat(found.get(0).score()).isEqualTo(0.75);
    assertThat(found.get(0).count()).isEqualTo(4);
    offer(set, 1, 1, 1, 11, 11, 11, 11, 11, 11);
    assertThat(found).as("not armed: the rate was never below .2").hasSize(1);
    offer(set, 1, 1, 1, 1, 1, 1, 1, 1, 1, 11, 11, 11, 11, 11);
    assertThat(found).hasSize(2);
  }

  @Test
  void disagreement_ofTwoValues_isFound() {
    MonitorSet set =
        set(
            new DisagreementMonitor(
                rule("torn", 0), Watched.of("p"), norm(), 0.5, 0.6, 0.6, Window.ofCount(5)));

    for (int i = 0; i < 5; i++) {
      set.offer(reading(0, 0.6f), now(), sink); // .5 against .6
    }
    assertThat(found).isEmpty();
    for (int i = 0; i < 3; i++) {
      set.offer(reading(4, 0.1f), now(), sink); // .98 against .1
    }
    assertThat(found).hasSize(1);
    assertThat(found.get(0).signal()).isNull();
    assertThat(found.get(0).score()).isEqualTo(0.6);
  }

  @Test
  void drift_fromABaseline_isFoundAndNamesIt() {
    Random random = new Random(3);
    double[] values = new double[20_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = 5 + random.nextGaussian();
    }
    SignalBaseline baseline = new SignalBaseline("norms", norm(), MODEL, Baseline.of(values));
    MonitorSet set =
        new MonitorSet(
            new Monitors(
                List.of(new DriftMonitor(rule("drift", 0), List.of("norms"))), List.of(baseline)),
            LAYOUT,
            SCOPE,
            gate,
            monitor -> {});

    for (int i = 0; i < 5_000; i++) {
      offer(set, 5 + random.nextGaussian());
    }
    assertThat(found).isEmpty();
    for (int i = 0; i < 300; i++) {
      offer(set, 6 + random.nextGaussian());
    }
    Finding first = found.get(0);
    assertThat(first.method()).isEqualTo("cusum_mean");
    assertThat(first.direction()).isEqualTo("above");
    assertThat(first.baseline()).isEqualTo("norms");
    assertThat(first.baselineCount()).isEqualTo(20_000);
    assertThat(first.effectSize()).isBetween(0.6, 1.4);
    assertThat(first.pValue()).isBetween(0.0, 0.002);
    assertThat(first.windowStart()).isBefore(first.windowEnd());
  }

  @Test
  void spike_ofIncidents_isFoundOnceUntilItIsOver() {
    MonitorSet set = set(new SpikeMonitor(rule("errors", 0), Set.of(Incident.ERROR), 3, 60));

    incidents(set, Incident.REFUSAL, 10);
    incidents(set, Incident.ERROR, 2);
    assertThat(found).isEmpty();
    incidents(set, Incident.ERROR, 5);
    assertThat(found).hasSize(1);
    assertThat(found.get(0).kind()).isEqualTo(FindingKind.SPIKE);
    assertThat(found.get(0).score()).isEqualTo(3);
    millis += 120_000;
    incidents(set, Incident.ERROR, 3);
    assertThat(found).hasSize(2);
  }

  @Test
  void findings_ofOneKey_areHeldBackAndCounted() {
    MonitorSet set = set(new ThresholdMonitor(rule("high", 60), norm(), Side.ABOVE, 10, 10, 1));
    MonitorSet other = set(new ThresholdMonitor(rule("high", 60), norm(), Side.ABOVE, 10, 10, 1));

    offer(set, 11, 1, 11, 1, 11);
    offer(other, 11);
    assertThat(found).hasSize(1);
    assertThat(heldBack).containsExactly("high", "high", "high");
    millis += 60_000;
    offer(set, 1, 11);
    assertThat(found).hasSize(2);
    assertThat(found.get(1).suppressed()).isEqualTo(3);
  }

  @Test
  void clock_thatJumpsBack_holdsNothingBackForEver() {
    MonitorSet set = set(new ThresholdMonitor(rule("high", 60), norm(), Side.ABOVE, 10, 10, 1));
    millis = 1_000_000_000;
    offer(set, 11, 1);
    millis = 0;
    offer(set, 11, 1);

    assertThat(found).hasSize(2);
    assertThat(found).allMatch(each -> !each.windowEnd().isBefore(each.windowStart()));
  }

  @Test
  void monitor_ofASignalThatIsNotRead_watchesNothing() {
    List<String> refused = new ArrayList<>();
    MonitorSet set =
        new MonitorSet(
            new Monitors(
                List.of(
                    new ThresholdMonitor(rule("gone", 0), Watched.of("gone"), Side.ABOVE, 0, 0, 1)),
                List.of()),
            LAYOUT,
            SCOPE,
            gate,
            monitor -> refused.add(monitor.id()));

    assertThat(refused).containsExactly("gone");
    assertThat(set.watchesReadings()).isFalse();
    assertThat(set.offer(reading(0, 1), now(), sink)).isTrue();
  }

  @Test
  void offer_whileAnotherThreadIsAtIt_doesNotWait() throws InterruptedException {
    MonitorSet set = set(new ThresholdMonitor(rule("high", 0), norm(), Side.ABOVE, 10, 10, 1));
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    Thread other =
        new Thread(
            () ->
                set.offer(
                    reading(0, 11),
                    now(),
                    new MonitorSet.Sink() {
                      @Override
                      public void found(Finding finding) {
                        inside.countDown();
                        try {
                          leave.await();
                        } catch (InterruptedException e) {
                          Thread.currentThread().interrupt();
                        }
                      }

                      @Override
                      public void heldBack(Monitor monitor) {}
                    }));
    other.start();
    inside.await();

    assertThat(set.offer(reading(0, 11), now(), sink)).isFalse();
    leave.countDown();
    other.join();
    assertThat(set.offer(reading(0, 1), now(), sink)).isTrue();
  }

  @Test
  void gate_ofManyKeys_isBounded() {
    for (int i = 0; i < 3 * FindingGate.KEYS; i++) {
      assertThat(gate.admit("key" + i, new Moment(i, i), 1e9)).isZero();
    }
    assertThat(gate.admit("key0", new Moment(0, 0), 1e9)).as("forgotten").isZero();
    assertThat(gate.admit("key" + (3 * FindingGate.KEYS - 1), new Moment(1 << 20, 0), 1e9))
        .isEqualTo(-1);
  }

  private static Watched norm() {
    return new Watched("norm", "l2_norm");
  }

  private static Rule rule(String id, double hold) {
    return new Rule(id, Severity.HIGH, List.of(), null, hold, null);
  }

  private MonitorSet set(Monitor monitor) {
    return new MonitorSet(
        new Monitors(List.of(monitor), List.of()), LAYOUT, SCOPE, gate, refused -> {});
  }

  /** A millisecond later each time. */
  private Moment now() {
    millis++;
    return new Moment(millis * 1_000_000, millis);
  }

  private void offer(MonitorSet set, double... norms) {
    for (double norm : norms) {
      assertThat(set.offer(reading(0, (float) norm), now(), sink)).isTrue();
    }
  }

  private void incidents(MonitorSet set, Incident incident, int count) {
    for (int i = 0; i < count; i++) {
      set.incident(incident, now(), sink);
    }
  }

  private static ReadingLayout layout(Calibration calibration) {
    return new ReadingLayout(
        List.of(
            new LinearProbe(
                "p", PLACE, Pooling.MEAN, new float[] {1}, 0, calibration, null, "yes", "no"),
            ActivationSummary.norm("norm", PLACE)));
  }

  private static Reading reading(float logit, float norm) {
    return new Reading(LAYOUT, new float[] {logit, norm, 3}, 1);
  }
}
