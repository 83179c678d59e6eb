package io.innerspan.signals.monitor;

import java.util.function.Consumer;

/** Counts what goes wrong. Not thread-safe. */
final class SpikeWatch {
  private final SpikeMonitor monitor;
  private final FiringWindow window;
  private boolean armed = true;

  SpikeWatch(SpikeMonitor monitor) {
    this.monitor = monitor;
    this.window = new FiringWindow(Window.ofSeconds(monitor.seconds(), 1));
  }

  void take(Incident incident, Moment now, Consumer<Found> found) {
    if (!monitor.incidents().contains(incident)) {
      return;
    }
    window.add(true, now.nanos());
    if (window.count() < monitor.count()) {
      armed = true;
    } else if (armed) {
      armed = false;
      found.accept(
          Found.plain(
              null,
              Double.NaN,
              window.count(),
              monitor.count(),
              Side.ABOVE.label(),
              window.count(),
              window.since(now.nanos())));
    }
  }
}
