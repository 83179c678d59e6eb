package io.innerspan.signals.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks for drift in the values of some signals. Its memory does not grow. Not thread-safe; time is
 * what the caller says, and may jump: a window then ends early or late, and nothing else happens.
 */
public final class DriftDetector {
  private static final double WEEK_NANOS = TimeUnit.DAYS.toNanos(7);

  private final DriftPlan plan;
  private final Bins[] bins;
  private final @Nullable Charts charts;
  private final WindowTests[] windows;
  private final JointWindow[] joint;
  private final double allowed;
  private final double tests;
  private long rows;
  private long startNanos;

  public DriftDetector(DriftPlan plan) {
    this.plan = plan;
    int size = plan.baselines().size();
    boolean byReading = plan.methods().contains(DriftMethod.CUSUM);
    boolean byWindow = plan.hasWindows();
    Set<DriftMethod> ofWindows = EnumSet.copyOf(plan.methods());
    ofWindows.remove(DriftMethod.CUSUM);
    ofWindows.remove(DriftMethod.MAHALANOBIS);
    Allowance half = byReading && byWindow ? plan.allowance().share(0.5) : plan.allowance();
    this.bins = plan.baselines().stream().map(Baseline::bins).toArray(Bins[]::new);
    List<ChartTable> tables = new ArrayList<>();
    for (int i = 0; i < bins.length && byReading; i++) {
      tables.add(new ChartTable(plan.baselines().get(i), bins[i], half));
    }
    this.charts = byReading ? new Charts(tables) : null;
    this.windows = new WindowTests[ofWindows.isEmpty() ? 0 : size];
    for (int i = 0; i < windows.length; i++) {
      windows[i] = new WindowTests(ofWindows, plan.baselines().get(i), bins[i]);
    }
    this.joint = new JointWindow[plan.correlation() == null ? 0 : 1];
    if (plan.correlation() != null) {
      joint[0] = new JointWindow(plan.correlation(), plan.baselines(), List.of(bins));
    }
    double perWeek =
        Math.max(
            plan.windowCount() == 0 ? 0 : half.valuesPerWeek() / plan.windowCount(),
            plan.windowNanos() == 0 ? 0 : WEEK_NANOS / plan.windowNanos());
    this.tests = Math.max(1, perWeek * (windows.length * ofWindows.size() + joint.length));
    this.allowed = size * half.falsePerWeek() / tests;
  }

  private DriftDetector(DriftDetector like) {
    this.plan = like.plan;
    this.bins = like.bins;
    this.charts = like.charts == null ? null : like.charts.another();
    this.windows = new WindowTests[like.windows.length];
    Arrays.setAll(windows, i -> like.windows[i].another());
    this.joint = new JointWindow[like.joint.length];
    Arrays.setAll(joint, i -> like.joint[i].another());
    this.allowed = like.allowed;
    this.tests = like.tests;
  }

  /** The same at its beginning, for values that are looked at apart; it shares what is constant. */
  public DriftDetector another() {
    return new DriftDetector(this);
  }

  /** About how much memory {@link #another} takes, in bytes. */
  public long bytes() {
    long each = Long.BYTES + (charts == null ? 0 : Charts.BYTES) + JointWindow.BYTES;
    long bytes = bins.length * each;
    for (WindowTests window : windows) {
      bytes += window.bytes();
    }
    return bytes;
  }

  /**
   * Takes one row's values.
   *
   * @param values by signal; NaN where there is none
   * @param nanos the time, from any beginning
   * @param found takes what is found
   */
  public void offer(double[] values, long nanos, Consumer<Drift> found) {
    if (rows == 0 || nanos < startNanos) {
      startNanos = nanos;
    }
    rows++;
    for (int i = 0; i < bins.length; i++) {
      if (Double.isFinite(values[i])) {
        take(i, bins[i].of(values[i]));
      } else if (charts != null) {
        charts.leave(i);
      }
    }
    if (charts != null) {
      charts.step(nanos, found);
    }
    if (windows.length + joint.length > 0 && isComplete(nanos)) {
      rows = 0;
      close(found);
    }
  }

  /** What the charts of a signal look for, in words of their own; fewer on a small baseline. */
  public List<String> charts(int signal) {
    return charts == null
        ? List.of()
        : charts.kinds(signal).stream()
            .map(kind -> kind.method() + (kind.direction() > 0 ? "_above" : "_below"))
            .toList();
  }

  private void take(int signal, int bin) {
    if (charts != null) {
      charts.take(signal, bin);
    }
    if (windows.length > 0) {
      windows[signal].add(bin);
    }
    if (joint.length > 0) {
      joint[0].add(signal, bin);
    }
  }

  private boolean isComplete(long nanos) {
    return rows >= plan.fewest()
        && (plan.windowCount() > 0 && rows >= plan.windowCount()
            || plan.windowNanos() > 0 && nanos - startNanos >= plan.windowNanos());
  }

  private void close(Consumer<Drift> found) {
    for (int i = 0; i < windows.length; i++) {
      Drift drift = windows[i].close(allowed, tests, startNanos);
      if (drift != null) {
        found.accept(drift.of(i));
      }
    }
    if (joint.length > 0) {
      Drift drift = joint[0].close(allowed, tests, startNanos);
      if (drift != null) {
        found.accept(drift);
      }
    }
  }
}
