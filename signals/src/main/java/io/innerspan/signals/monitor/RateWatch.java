package io.innerspan.signals.monitor;

import io.innerspan.signals.Reading;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Watches how many of the last readings fire, by whatever makes one fire. */
final class RateWatch implements Watch {
  private final Watched.Place place;
  private final Side side;
  private final double limit;
  private final double rate;
  private final double clearRate;
  private final @Nullable String signal;
  private final String direction;
  private final Window length;
  private final FiringWindow window;
  private boolean armed = true;

  RateWatch(
      Watched.Place place,
      Side side,
      double limit,
      double rate,
      double clearRate,
      Window window,
      @Nullable String signal,
      String direction) {
    this.place = place;
    this.side = side;
    this.limit = limit;
    this.rate = rate;
    this.clearRate = clearRate;
    this.length = window;
    this.window = new FiringWindow(window);
    this.signal = signal;
    this.direction = direction;
  }

  @Override
  public Watch another() {
    return new RateWatch(place, side, limit, rate, clearRate, length, signal, direction);
  }

  @Override
  public long bytes() {
    return window.bytes();
  }

  @Override
  public void look(Reading reading, int row, Moment now, Consumer<Found> found) {
    double value = place.of(reading, row);
    if (Double.isNaN(value)) {
      return;
    }
    window.add(side.holds(value, limit), now.nanos());
    double here = window.rate();
    if (armed && here >= rate) {
      armed = false;
      found.accept(
          Found.plain(
              signal,
              Double.NaN,
              here,
              rate,
              direction,
              window.count(),
              window.since(now.nanos())));
    } else if (!armed && here <= clearRate && here < rate) {
      armed = true;
    }
  }
}
