package io.innerspan.extension.canary;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.semconv.CanaryReference;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.pack.Canary;
import io.innerspan.signals.pack.CanaryKind;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.GoldenReading.Deviation;
import io.innerspan.signals.pack.ModelIdentity;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.safetensors.Tensor;
import io.opentelemetry.javaagent.innerspan.bridge.LiveModel;
import io.opentelemetry.javaagent.innerspan.bridge.ModelInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What becomes of canaries, on a clock that tests move. */
class CanarySuiteTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final Map<String, Tensor> INPUTS =
      Map.of("input_ids", Tensor.ofLongs(new long[] {1}, 1, 1));

  private static final ActivationSummary NORM =
      ActivationSummary.norm("norm", new HookPoint("blocks.0.hook_resid_post"));

  private static final ReadingLayout LAYOUT = new ReadingLayout(List.of(NORM));
  private static final ProbePack PACK =
      ProbePack.builder("p", "1.0.0", "MIT", new ModelIdentity("m", "ab".repeat(32), null))
          .signal(NORM)
          .build();

  private final List<String> told = new ArrayList<>();
  private final List<CanaryReference> compared = new ArrayList<>();
  private final Session session = new Session();
  private long now;

  /** A session that reads what a test says. */
  private final class Session implements LiveModel {
    float value = 10;
    long takes;
    int reads;
    boolean closed;
    String failure;

    @Override
    public LiveReading read(ModelInput input) throws Exception {
      reads++;
      now += takes;
      if (failure != null) {
        throw new Exception(failure);
      }
      float[] values = new float[LAYOUT.columns()];
      values[0] = value;
      return closed ? null : new LiveReading(values, 1);
    }
  }

  private final class Told implements CanaryListener {
    @Override
    public void agreed(CanarySuite.OfPack canary) {
      told.add(canary.canary().id() + " agreed");
    }

    @Override
    public void compared(
        CanarySuite.OfPack canary, CanaryReference reference, Deviation deviation) {
      compared.add(reference);
    }

    @Override
    public void moved(
        CanarySuite.OfPack canary, CanaryReference reference, Deviation deviation, boolean again) {
      told.add(
          canary.canary().id()
              + " moved from "
              + reference.value()
              + ", "
              + deviation
              + ", again "
              + again);
    }

    @Override
    public void failed(CanarySuite.OfPack canary, String detail, boolean again) {
      told.add(canary.canary().id() + " failed: " + detail + ", again " + again);
    }
  }

  private CanarySuite suite(double period, double budget, String... ids) {
    return suite("amd64", period, budget, ids);
  }

  private CanarySuite suite(String recordedOn, double period, double budget, String... ids) {
    List<CanarySuite.OfPack> canaries = new ArrayList<>();
    for (String id : ids) {
      GoldenInput recorded =
          new GoldenInput(
              INPUTS, Map.of(), Map.of("norm", Tensor.ofFloats(new float[] {10}, 1, 1)));
      canaries.add(
          new CanarySuite.OfPack(
              new Canary(id, CanaryKind.ORDINARY, INPUTS, Map.of(recordedOn, recorded)), PACK));
    }
    return new CanarySuite(
        canaries,
        LAYOUT,
        session,
        new Told(),
        new CanarySettings(period, budget),
        "amd64",
        () -> now,
        canary -> new ModelInput(List.of()));
  }

  @Test
  void step_withinThePeriod_replaysEachOnceAndEvenly() {
    CanarySuite suite = suite(30, 1, "a", "b", "c");

    assertThat(suite.step()).isEqualTo(10 * SECOND);
    assertThat(told).isEmpty();
    for (int i = 0; i < 4; i++) {
      now += 10 * SECOND;
      assertThat(suite.step()).isEqualTo(10 * SECOND);
    }

    assertThat(told).containsExactly("a agreed", "b agreed", "c agreed", "a agreed");
  }

  @Test
  void step_dearModel_restsAsTheBudgetWants() {
    CanarySuite suite = suite(1, 0.01, "a");
    session.takes = SECOND;

    now += SECOND;
    assertThat(suite.step()).isEqualTo(99 * SECOND);
    now += 98 * SECOND;
    assertThat(suite.step()).isEqualTo(SECOND);
    assertThat(session.reads).isEqualTo(1);
  }

  @Test
  void step_recordedReadingMoved_isToldEachTimeAndThenThatItAgrees() {
    CanarySuite suite = suite(1, 1, "a");
    session.value = 10.05f;

    for (int i = 0; i < 2; i++) {
      now += SECOND;
      suite.step();
    }

    String moved = "a moved from recorded, norm, row 0, l2_norm: expected 10.0, found 10.05";
    assertThat(told).containsExactly(moved + ", again false", moved + ", again true");
  }

  @Test
  void step_sessionMovesLessThanFromMachineToMachine_isNoticed() {
    CanarySuite suite = suite(1, 1, "a");
    for (float value : new float[] {10, 10.00001f, 10.001f, 10}) {
      session.value = value;
      now += SECOND;
      suite.step();
    }

    assertThat(told)
        .containsExactly(
            "a agreed",
            "a agreed",
            "a moved from first, norm, row 0, l2_norm: expected 10.0, found 10.001, again false",
            "a agreed");
  }

  /** Far from what another architecture gave: only what this session gave at first counts. */
  @Test
  void step_recordedOnAnotherArchitecture_isComparedWithItsFirstReadingOnly() {
    CanarySuite suite = suite("aarch64", 1, 1, "a");
    for (float value : new float[] {25, 25, 10}) {
      session.value = value;
      now += SECOND;
      suite.step();
    }

    assertThat(compared).containsExactly(CanaryReference.FIRST, CanaryReference.FIRST);
    assertThat(told)
        .containsExactly(
            "a agreed",
            "a agreed",
            "a moved from first, norm, row 0, l2_norm: expected 25.0, found 10.0, again false");
  }

  @Test
  void step_noReadingWhereOneWas_hasMoved() {
    CanarySuite suite = suite(1, 1, "a");
    session.value = Float.NaN;
    now += SECOND;
    suite.step();

    assertThat(told)
        .containsExactly(
            "a moved from recorded, norm, row 0, l2_norm: expected 10.0, found NaN, again false");
  }

  @Test
  void step_sessionDoesNotTakeIt_isToldAndTriedAgain() {
    CanarySuite suite = suite(1, 1, "a");
    session.failure = "missing input";
    for (int i = 0; i < 2; i++) {
      now += SECOND;
      assertThat(suite.step()).isEqualTo(SECOND);
    }
    session.failure = null;
    now += SECOND;
    suite.step();

    assertThat(told)
        .containsExactly(
            "a failed: missing input, again false",
            "a failed: missing input, again true",
            "a agreed");
  }

  @Test
  void step_sessionClosed_isOver() {
    CanarySuite suite = suite(1, 1, "a");
    session.closed = true;
    now += SECOND;

    assertThat(suite.step()).isEqualTo(CanarySuite.OVER);
    assertThat(told).isEmpty();
  }
}
