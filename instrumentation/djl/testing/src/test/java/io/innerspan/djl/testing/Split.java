package io.innerspan.djl.testing;

import java.util.List;
import java.util.Locale;

/**
 * A tree that looks at one feature: what it adds to its class where the feature is small, and where
 * it is large.
 *
 * @param feature that is looked at
 * @param at less than this goes to the left, and more to the right; no example is equal
 */
record Split(int feature, double at, double left, double right) {
  /** A tree for each class, of a feature of its own: (0, 1, 0) gives 1, 2 and −0.5. */
  static final List<Split> ONE_FOR_EACH_CLASS =
      List.of(new Split(0, 0.5, 1, -1), new Split(1, 0.5, 0.5, 2), new Split(2, 0.5, -0.5, 0.25));

  /** A template with FEATURE, AT, LEFT and RIGHT filled in. */
  String fill(String template) {
    return template
        .replace("FEATURE", Integer.toString(feature))
        .replace("AT", number(at))
        .replace("LEFT", number(left))
        .replace("RIGHT", number(right));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.6f", value);
  }
}
