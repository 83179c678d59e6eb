package io.innerspan.recorder;

import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import io.innerspan.signals.monitor.Finding;
import io.innerspan.signals.monitor.FindingKind;
import io.innerspan.signals.monitor.Incident;
import io.innerspan.signals.monitor.Monitors;
import io.innerspan.signals.monitor.Rule;
import io.innerspan.signals.monitor.Severity;
import io.innerspan.signals.monitor.Side;
import io.innerspan.signals.monitor.SpikeMonitor;
import io.innerspan.signals.monitor.ThresholdMonitor;
import io.innerspan.signals.monitor.Watched;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Findings, and a model that is watched for some. */
final class Findings {
  static final Rule RULE =
      new Rule(
          "high", Severity.HIGH, List.of("owasp:LLM01"), "https://wiki.example.com/high", 60, null);

  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

  /** Nothing that may be left out. */
  static Finding bare(FindingKind kind) {
    return new Finding(
        "1".repeat(32),
        "2".repeat(32),
        kind,
        new Rule("bare", Severity.LOW),
        null,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        Finding.CHANGE,
        Double.NaN,
        Double.NaN,
        null,
        0,
        TIME,
        TIME,
        null,
        0,
        0,
        null);
  }

  /** Everything that there may be. */
  static Finding full(Severity severity) {
    return new Finding(
        "3".repeat(32),
        "4".repeat(32),
        FindingKind.DRIFT,
        new Rule("full", severity, RULE.tags(), RULE.runbook(), 0, null),
        "norm_4",
        0.9,
        12.5,
        11,
        "above",
        0.5,
        0.001,
        "cusum_mean",
        300,
        TIME,
        TIME.plusSeconds(30),
        "norms",
        20_000,
        2,
        "language=de");
  }

  /** Reads a norm {@code n} and finds when it reaches 5, and when three things go wrong. */
  static void watch(ModelTelemetry model, double hold) {
    Rule rule = new Rule("high", Severity.HIGH, RULE.tags(), RULE.runbook(), hold, null);
    List<Signal> signals = List.of(Packs.norm("n"));
    Monitors monitors =
        new Monitors(
            List.of(
                new ThresholdMonitor(rule, Watched.of("n"), Side.ABOVE, 5, 5, 1),
                new SpikeMonitor(
                    new Rule("wrong", Severity.MEDIUM),
                    Set.of(Incident.ERROR, Incident.REFUSAL, Incident.FALLBACK),
                    3,
                    60)),
            List.of());
    model.readings(
        new ReadingLayout(signals),
        List.of(Packs.pack("guard", "1.2.0", signals).withMonitors(monitors)));
  }

  private Findings() {}
}
