package io.innerspan.signals.monitor;

import io.innerspan.signals.Reading;
import java.util.function.Consumer;

/** A monitor at work. Not thread-safe. */
interface Watch {
  /** Looks at one row. */
  void look(Reading reading, int row, Moment now, Consumer<Found> found);

  /** The same at its beginning, which shares what does not change. */
  Watch another();

  /** About how much memory another takes, in bytes. */
  long bytes();
}
