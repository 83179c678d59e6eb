package io.innerspan.benchmarks.jmh;

import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.drift.Allowance;
import io.innerspan.signals.drift.Baseline;
import io.innerspan.signals.drift.DriftMethod;
import io.innerspan.signals.monitor.DriftMonitor;
import io.innerspan.signals.monitor.Monitor;
import io.innerspan.signals.monitor.Monitors;
import io.innerspan.signals.monitor.Rule;
import io.innerspan.signals.monitor.Severity;
import io.innerspan.signals.monitor.Side;
import io.innerspan.signals.monitor.SignalBaseline;
import io.innerspan.signals.monitor.ThresholdMonitor;
import io.innerspan.signals.monitor.Watched;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A threshold, charts and windows for each of some probes, on values that nothing is found in. */
final class WatchedSignals {
  /** The SHA-256 of the model that the baselines are of. */
  static final String MODEL = "ab".repeat(32);

  static Monitors of(List<LinearProbe> probes) {
    Random random = new Random(probes.size());
    List<Monitor> rules = new ArrayList<>();
    List<SignalBaseline> baselines = new ArrayList<>();
    for (LinearProbe probe : probes) {
      Watched value = new Watched(probe.id(), "logit");
      double[] values = random.doubles(20_000, -1, 1).toArray();
      baselines.add(new SignalBaseline(probe.id(), value, MODEL, Baseline.of(values)));
      Rule rule = new Rule("t_" + probe.id(), Severity.LOW);
      rules.add(new ThresholdMonitor(rule, value, Side.ABOVE, 2, 1, 1));
    }
    rules.add(
        new DriftMonitor(
            new Rule("drift", Severity.LOW),
            baselines.stream().map(SignalBaseline::id).toList(),
            Set.of(DriftMethod.CUSUM, DriftMethod.PSI, DriftMethod.KS),
            DriftMonitor.DEFAULT_WINDOW,
            null,
            Allowance.DEFAULT.falsePerWeek(),
            DriftMonitor.DEFAULT_READINGS_PER_SECOND));
    return new Monitors(rules, baselines);
  }

  /** A row of values as the baselines have them, and its token count. */
  static float[] row(int probes, Random random) {
    float[] values = new float[probes + 1];
    for (int column = 0; column < probes; column++) {
      values[column] = 2 * random.nextFloat() - 1;
    }
    values[probes] = 16;
    return values;
  }

  private WatchedSignals() {}
}
