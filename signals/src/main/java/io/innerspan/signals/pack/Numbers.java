package io.innerspan.signals.pack;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers as a manifest writes them. */
final class Numbers {
  private static final int ENOUGH_DIGITS = 17;

  /** Below this every whole double is a long, and people read it better without an exponent. */
  private static final double WHOLE = 1e15;

  /** As a manifest spells it: whole numbers without a point or an exponent. */
  static Number json(double value) {
    boolean whole = value == Math.rint(value) && Math.abs(value) < WHOLE;
    return whole ? (Number) (long) value : shortest(value);
  }

  /**
   * The shortest decimal that reads back as the same double. Unlike {@link Double#toString} it is
   * the same on every Java version (JDK-4511638), so that manifests, and with them digests, are.
   */
  static BigDecimal shortest(double value) {
    BigDecimal exact = new BigDecimal(value);
    for (int digits = 1; digits < ENOUGH_DIGITS; digits++) {
      BigDecimal rounded = exact.round(new MathContext(digits));
      if (rounded.doubleValue() == value) {
        return rounded.signum() == 0 ? BigDecimal.ZERO : rounded.stripTrailingZeros();
      }
    }
    return exact.round(new MathContext(ENOUGH_DIGITS));
  }

  private Numbers() {}
}
