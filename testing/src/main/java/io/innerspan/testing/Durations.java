package io.innerspan.testing;

import java.time.Duration;

/** Durations as people read them. */
final class Durations {
  static String text(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }

  private Durations() {}
}
