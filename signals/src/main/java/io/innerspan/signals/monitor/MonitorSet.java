package io.innerspan.signals.monitor;

import io.innerspan.signals.Reading;
import io.innerspan.signals.ReadingLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The monitors of one pack at work on one session; those of changes and canaries, which look
 * neither at readings nor at incidents, are left out.
 *
 * <p>Thread-safe and never waiting: when another thread is at it, {@link #offer} leaves the reading
 * out and says so, and {@link #incident} leaves its incident to that thread. Memory does not grow
 * with the readings.
 */
public final class MonitorSet {
  private static final Incident[] INCIDENTS = Incident.values();

  private final FindingGate gate;
  private final MonitorScope scope;
  private final List<Entry<Watch>> watches = new ArrayList<>();
  private final List<Entry<SpikeWatch>> spikes = new ArrayList<>();
  private final ReentrantLock readings = new ReentrantLock();
  private final Reporter reporter = new Reporter();
  private final ReentrantLock incidents = new ReentrantLock();
  private final AtomicLongArray waiting = new AtomicLongArray(INCIDENTS.length);

  /**
   * Takes what a finding is, or that one was held back.
   *
   * @see #offer
   */
  public interface Sink {
    /** A finding to report. */
    void found(Finding finding);

    /** A finding that is not to be reported, because the same was shortly before. */
    void heldBack(Monitor monitor);
  }

  private record Entry<W>(Monitor monitor, W watch) {}

  /** One for all readings, so that looking at them allocates nothing. Guarded by their lock. */
  private final class Reporter implements Consumer<Found> {
    private @Nullable Monitor monitor;
    private @Nullable Moment now;
    private @Nullable Sink sink;

    @Override
    public void accept(Found found) {
      if (monitor != null && now != null && sink != null) {
        report(monitor, found, now, sink);
      }
    }

    void clear() {
      monitor = null;
      now = null;
      sink = null;
    }
  }

  /**
   * @param monitors whose signals may be missing in the layout: such a monitor watches nothing
   * @param refused takes the monitors that watch nothing
   */
  public MonitorSet(
      Monitors monitors,
      ReadingLayout layout,
      MonitorScope scope,
      FindingGate gate,
      Consumer<Monitor> refused) {
    this.gate = gate;
    this.scope = scope;
    for (Monitor monitor : monitors.monitors()) {
      if (monitor instanceof SpikeMonitor spike) {
        spikes.add(new Entry<>(monitor, new SpikeWatch(spike)));
      } else if (!(monitor instanceof ChangeMonitor || monitor instanceof CanaryMonitor)) {
        Watch watch = watch(monitor, monitors, layout);
        if (watch == null) {
          refused.accept(monitor);
        } else {
          watches.add(new Entry<>(monitor, watch));
        }
      }
    }
  }

  private MonitorSet(MonitorSet like, String cohort) {
    this.gate = like.gate;
    this.scope = new MonitorScope(like.scope.pack(), like.scope.model(), cohort);
    for (Entry<Watch> entry : like.watches) {
      watches.add(new Entry<>(entry.monitor(), entry.watch().another()));
    }
  }

  /**
   * The monitors that look at readings, at their beginning, for a slice of the traffic.
   *
   * @param cohort the slice, as findings call it
   */
  public MonitorSet forSlice(String cohort) {
    return new MonitorSet(this, cohort);
  }

  /** About how much memory each slice takes, in bytes. */
  public long bytes() {
    long bytes = 0;
    for (Entry<Watch> entry : watches) {
      bytes += entry.watch().bytes();
    }
    return bytes;
  }

  /** Whether any monitor looks at readings. */
  public boolean watchesReadings() {
    return !watches.isEmpty();
  }

  /**
   * Looks at a reading, row by row.
   *
   * @return whether it did; not when another thread is at it
   */
  public boolean offer(Reading reading, Moment now, Sink sink) {
    if (!readings.tryLock()) {
      return false;
    }
    try {
      reporter.now = now;
      reporter.sink = sink;
      for (int i = 0; i < watches.size(); i++) {
        Entry<Watch> entry = watches.get(i);
        reporter.monitor = entry.monitor();
        for (int row = 0; row < reading.rows(); row++) {
          entry.watch().look(reading, row, now, reporter);
        }
      }
    } finally {
      reporter.clear();
      readings.unlock();
    }
    return true;
  }

  /** Counts what went wrong. */
  public void incident(Incident incident, Moment now, Sink sink) {
    if (spikes.isEmpty()) {
      return;
    }
    waiting.incrementAndGet(incident.ordinal());
    while (anyWaiting() && incidents.tryLock()) {
      try {
        for (Incident each : INCIDENTS) {
          long times = waiting.getAndSet(each.ordinal(), 0);
          for (long i = 0; i < times; i++) {
            take(each, now, sink);
          }
        }
      } finally {
        incidents.unlock();
      }
    }
  }

  private void take(Incident incident, Moment now, Sink sink) {
    for (Entry<SpikeWatch> entry : spikes) {
      entry.watch().take(incident, now, found -> report(entry.monitor(), found, now, sink));
    }
  }

  private boolean anyWaiting() {
    for (int i = 0; i < INCIDENTS.length; i++) {
      if (waiting.get(i) > 0) {
        return true;
      }
    }
    return false;
  }

  private void report(Monitor monitor, Found found, Moment now, Sink sink) {
    String key =
        FindingGate.hex(monitor.id(), found.about(), scope.pack(), scope.model(), scope.cohort());
    long suppressed = gate.admit(key, now, monitor.rule().holdSeconds());
    if (suppressed < 0) {
      sink.heldBack(monitor);
      return;
    }
    sink.found(
        new Finding(
            gate.nextId(key),
            key,
            monitor.kind(),
            monitor.rule(),
            found.signal(),
            found.confidence(),
            found.score(),
            found.threshold(),
            found.direction(),
            found.effectSize(),
            found.pValue(),
            found.method(),
            found.count(),
            now.at(found.sinceNanos()),
            now.instant(),
            found.baseline(),
            found.baselineCount(),
            suppressed,
            scope.cohort().isEmpty() ? null : scope.cohort()));
  }

  /** Null when a signal that it watches is not read. */
  private static @Nullable Watch watch(Monitor monitor, Monitors all, ReadingLayout layout) {
    List<SignalBaseline> baselines =
        monitor instanceof DriftMonitor drift
            ? drift.baselines().stream().map(all::baseline).toList()
            : List.of();
    List<Watched> values = new ArrayList<>(monitor.watched());
    baselines.forEach(baseline -> values.add(baseline.value()));
    for (Watched value : values) {
      int index = layout.indexOf(value.signal());
      if (index < 0 || !value.isOf(layout.signal(index))) {
        return null;
      }
    }
    if (monitor instanceof ThresholdMonitor threshold) {
      return new ThresholdWatch(threshold, layout);
    }
    if (monitor instanceof DriftMonitor drift) {
      return new DriftWatch(drift, baselines, layout);
    }
    if (monitor instanceof RateMonitor rate) {
      return new RateWatch(
          rate.value().in(layout),
          rate.side(),
          rate.limit(),
          rate.rate(),
          rate.clearRate(),
          rate.window(),
          rate.value().signal(),
          Side.ABOVE.label());
    }
    if (monitor instanceof DisagreementMonitor disagreement) {
      Watched.Place first = disagreement.first().in(layout);
      Watched.Place second = disagreement.second().in(layout);
      return new RateWatch(
          (reading, row) -> Math.abs(first.of(reading, row) - second.of(reading, row)),
          Side.ABOVE,
          disagreement.limit(),
          disagreement.rate(),
          disagreement.clearRate(),
          disagreement.window(),
          null,
          Side.ABOVE.label());
    }
    throw new IllegalArgumentException("monitor: expected one that reads, found " + monitor);
  }
}
