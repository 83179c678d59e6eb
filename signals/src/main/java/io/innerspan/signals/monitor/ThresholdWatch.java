package io.innerspan.signals.monitor;

import io.innerspan.signals.Reading;
import io.innerspan.signals.ReadingLayout;
import java.util.function.Consumer;

/** Armed until the limit is reached, then waiting until the value has come back. */
final class ThresholdWatch implements Watch {
  private static final int BYTES = 80;

  private final ThresholdMonitor monitor;
  private final Watched.Place place;
  private final boolean isProbability;
  private boolean armed = true;
  private long inARow;
  private long sinceNanos;

  ThresholdWatch(ThresholdMonitor monitor, ReadingLayout layout) {
    this(
        monitor,
        monitor.value().in(layout),
        monitor.value().isProbability(layout) && monitor.side() == Side.ABOVE);
  }

  private ThresholdWatch(ThresholdMonitor monitor, Watched.Place place, boolean isProbability) {
    this.monitor = monitor;
    this.place = place;
    this.isProbability = isProbability;
  }

  @Override
  public Watch another() {
    return new ThresholdWatch(monitor, place, isProbability);
  }

  @Override
  public long bytes() {
    return BYTES;
  }

  @Override
  public void look(Reading reading, int row, Moment now, Consumer<Found> found) {
    double value = place.of(reading, row);
    if (Double.isNaN(value)) {
      return;
    }
    if (!armed) {
      armed = opposite(monitor.side()).holds(value, monitor.clear()) && !counts(value);
      return;
    }
    if (!counts(value)) {
      inARow = 0;
      return;
    }
    if (inARow++ == 0) {
      sinceNanos = now.nanos();
    }
    if (inARow >= monitor.consecutive()) {
      found.accept(
          Found.plain(
              monitor.value().signal(),
              isProbability ? value : Double.NaN,
              value,
              monitor.limit(),
              monitor.side().label(),
              inARow,
              sinceNanos));
      armed = false;
      inARow = 0;
    }
  }

  private boolean counts(double value) {
    return monitor.side().holds(value, monitor.limit());
  }

  private static Side opposite(Side side) {
    return side == Side.ABOVE ? Side.BELOW : Side.ABOVE;
  }
}
