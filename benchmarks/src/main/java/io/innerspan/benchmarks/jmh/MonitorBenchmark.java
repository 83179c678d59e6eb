package io.innerspan.benchmarks.jmh;

import io.innerspan.benchmarks.RandomProbes;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Reading;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.monitor.Finding;
import io.innerspan.signals.monitor.FindingGate;
import io.innerspan.signals.monitor.Moment;
import io.innerspan.signals.monitor.Monitor;
import io.innerspan.signals.monitor.MonitorScope;
import io.innerspan.signals.monitor.MonitorSet;
import java.util.List;
import java.util.Random;
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
    monitors =
        new MonitorSet(
            WatchedSignals.of(probes),
            layout,
            new MonitorScope("random@1.0.0", WatchedSignals.MODEL, ""),
            new FindingGate("benchmark"),
            refused -> {
              throw new IllegalStateException(refused.id());
            });
    readings = new Reading[READINGS];
    for (int i = 0; i < READINGS; i++) {
      readings[i] = new Reading(layout, WatchedSignals.row(signals, random), 1);
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
