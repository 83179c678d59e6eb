package io.innerspan.benchmarks.jmh;

import io.innerspan.benchmarks.RandomProbes;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Reading;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.drift.Allowance;
import io.innerspan.signals.drift.Baseline;
import io.innerspan.signals.drift.DriftMethod;
import io.innerspan.signals.monitor.DriftMonitor;
import io.innerspan.signals.monitor.Finding;
import io.innerspan.signals.monitor.FindingGate;
import io.innerspan.signals.monitor.Moment;
import io.innerspan.signals.monitor.Monitor;
import io.innerspan.signals.monitor.MonitorScope;
import io.innerspan.signals.monitor.MonitorSet;
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
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What monitors cost per inference: a threshold, charts and windows for each of 100 values. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first.
public class MonitorBenchmark {
  private static final int READINGS = 1 << 12;
  private static final String MODEL = "ab".repeat(32);

  /** Watched signals. */
  @Param({"100"})
  public int signals;

  private MonitorSet monitors;
  private Reading[] readings;
  private int next;
  private long findings;

  private final MonitorSet.Sink sink =
      new MonitorSet.Sink() {
        @Override
        public void found(Finding finding) {
          findings++;
        }

        @Override
        public void heldBack(Monitor monitor) {
          findings++;
        }
      };

  /** Makes the monitors and readings that they find nothing in. */
  @Setup
  public void make() {
    List<LinearProbe> probes = RandomProbes.of(signals);
    ReadingLayout layout = new ReadingLayout(probes);
    Random random = new Random(signals);
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
    monitors =
        new MonitorSet(
            new Monitors(rules, baselines),
            layout,
            new MonitorScope("random@1.0.0", MODEL, ""),
            new FindingGate("benchmark"),
            refused -> {
              throw new IllegalStateException(refused.id());
            });
    readings = new Reading[READINGS];
    for (int i = 0; i < READINGS; i++) {
      float[] values = new float[layout.columns()];
      for (int column = 0; column < signals; column++) {
        values[column] = 2 * random.nextFloat() - 1;
      }
      values[layout.tokensColumn()] = 16;
      readings[i] = new Reading(layout, values, 1);
    }
  }

  /** One inference of one row. */
  @Benchmark
  public long offer() {
    next = (next + 1) & (READINGS - 1);
    monitors.offer(readings[next], new Moment(next, next), sink);
    return findings;
  }
}
