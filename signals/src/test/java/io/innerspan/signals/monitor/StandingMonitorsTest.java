package io.innerspan.signals.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.innerspan.signals.InvalidValueException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StandingMonitorsTest {
  private static final Rule OWN = new Rule("own", Severity.CRITICAL);

  @ParameterizedTest
  @EnumSource(Change.class)
  void rules_withoutADeclaration_areTheStandingOnes(Change change) {
    assertThat(Monitors.NONE.rules(change))
        .containsExactly(
            new Rule(
                change.label(),
                Severity.MEDIUM,
                List.of("atlas:AML.T0010", "owasp:LLM03:2025"),
                null,
                600,
                null));
  }

  @Test
  void canaryRules_withoutADeclaration_haveTheSeverityOfTheCanary() {
    assertThat(Monitors.NONE.canaryRules("red_team", Severity.HIGH))
        .containsExactly(
            new Rule(
                "canary",
                Severity.HIGH,
                List.of("atlas:AML.T0018", "owasp:LLM04:2025"),
                null,
                600,
                null));
  }

  @Test
  void rules_ofADeclaration_takeThePlaceOfTheStandingOnes() {
    Monitors monitors =
        new Monitors(
            List.of(
                new ChangeMonitor(OWN, Set.of(Change.MODEL_MISMATCH)),
                new CanaryMonitor(new Rule("attacks", Severity.LOW), Set.of("red_team"))),
            List.of(),
            Set.of("model_mismatch", "tokenizer_change", "canary"));

    assertThat(monitors.rules(Change.MODEL_MISMATCH)).containsExactly(OWN);
    assertThat(monitors.rules(Change.TOKENIZER_CHANGE)).isEmpty();
    assertThat(monitors.rules(Change.MODEL_CHANGE))
        .containsExactly(StandingMonitors.of(Change.MODEL_CHANGE));
    assertThat(monitors.canaryRules("red_team", Severity.HIGH))
        .containsExactly(new Rule("attacks", Severity.LOW));
    assertThat(monitors.canaryRules("ordinary", Severity.MEDIUM)).isEmpty();
  }

  @Test
  void monitors_thatLookAtNoReading_watchNone() {
    Monitors monitors =
        new Monitors(
            List.of(
                new ChangeMonitor(OWN, Set.of(Change.MODEL_MISMATCH)),
                new CanaryMonitor(new Rule("attacks", Severity.LOW), Set.of("red_team"))),
            List.of());
    MonitorSet set =
        new MonitorSet(
            monitors,
            new io.innerspan.signals.ReadingLayout(List.of()),
            new MonitorScope("p@1.0.0", "ab".repeat(32), ""),
            new FindingGate("test"),
            monitor -> {
              throw new AssertionError("refused: " + monitor);
            });

    assertThat(set.watchesReadings()).isFalse();
  }

  @Test
  void disabled_withAnUnknownId_isRefused() {
    assertThatThrownBy(() -> new Monitors(List.of(), List.of(), Set.of("own")))
        .isInstanceOf(InvalidValueException.class)
        .hasMessage(
            "disabled_monitors: expected some of [canary, model_change, model_mismatch,"
                + " tokenizer_change, tokenizer_mismatch], found 'own'");
  }
}
