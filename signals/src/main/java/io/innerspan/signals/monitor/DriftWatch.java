package io.innerspan.signals.monitor;

import io.innerspan.signals.Reading;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.drift.Drift;
import io.innerspan.signals.drift.DriftDetector;
import io.innerspan.signals.drift.DriftPlan;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Compares values with their baselines. */
final class DriftWatch implements Watch {
  private final List<SignalBaseline> baselines;
  private final Watched.Place[] places;
  private final double[] values;
  private final DriftDetector detector;
  private final Consumer<Drift> each = this::tell;

  // Of the row that is looked at.
  private @Nullable Consumer<Found> told;

  DriftWatch(DriftMonitor monitor, List<SignalBaseline> baselines, ReadingLayout layout) {
    this.baselines = baselines;
    this.places =
        baselines.stream().map(each -> each.value().in(layout)).toArray(Watched.Place[]::new);
    this.values = new double[places.length];
    Window window = monitor.window();
    this.detector =
        new DriftDetector(
            new DriftPlan(
                baselines.stream().map(SignalBaseline::baseline).toList(),
                monitor.methods(),
                window.count(),
                window.nanos(),
                window.minimum(),
                monitor.correlation(),
                monitor.allowance()));
  }

  private DriftWatch(DriftWatch like) {
    this.baselines = like.baselines;
    this.places = like.places;
    this.values = new double[places.length];
    this.detector = like.detector.another();
  }

  @Override
  public Watch another() {
    return new DriftWatch(this);
  }

  @Override
  public long bytes() {
    return detector.bytes();
  }

  @Override
  public void look(Reading reading, int row, Moment now, Consumer<Found> found) {
    boolean any = false;
    for (int i = 0; i < places.length; i++) {
      values[i] = places[i].of(reading, row);
      any |= !Double.isNaN(values[i]);
    }
    if (any) {
      told = found;
      detector.offer(values, now.nanos(), each);
    }
  }

  private void tell(Drift drift) {
    Consumer<Found> to = told;
    if (to != null) {
      to.accept(found(drift));
    }
  }

  private Found found(Drift drift) {
    SignalBaseline of = baselines.get(Math.max(0, drift.signal()));
    boolean one = drift.signal() >= 0;
    return new Found(
        baselines.size() > 1 && one ? of.value().toString() : "",
        one ? of.value().signal() : null,
        Double.NaN,
        drift.score(),
        drift.limit(),
        direction(drift.direction()),
        drift.effect(),
        drift.pValue(),
        drift.method(),
        drift.count(),
        drift.sinceNanos(),
        of.id(),
        of.baseline().count());
  }

  private static String direction(int direction) {
    if (direction == 0) {
      return Finding.CHANGE;
    }
    return (direction > 0 ? Side.ABOVE : Side.BELOW).label();
  }
}
