package io.innerspan.workbench.evaluate;

import io.innerspan.workbench.stats.Interval;
import io.innerspan.workbench.stats.Rate;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers as people read them. */
final class Shown {
  static String interval(@Nullable Interval interval) {
    return interval == null
        ? "-"
        : String.format(
            Locale.ROOT, "%7.4f [%.4f, %.4f]", interval.value(), interval.low(), interval.high());
  }

  static String rate(@Nullable Rate rate) {
    return rate == null
        ? "-"
        : String.format(
            Locale.ROOT,
            "%.4f (%d of %d, at most %.4f)",
            rate.value(),
            rate.over(),
            rate.rows(),
            rate.upperBound());
  }

  static String number(@Nullable Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.4f", value);
  }

  static String percent(double rate) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * rate);
  }

  private Shown() {}
}
