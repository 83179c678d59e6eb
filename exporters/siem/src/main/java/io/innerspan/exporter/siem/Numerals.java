package io.innerspan.exporter.siem;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Numbers as text, and text as numbers. */
final class Numerals {
  private Numerals() {}

  /** The shortest decimals that stand for the number, never with an exponent: 12, 0.00004. */
  static String text(Number number) {
    double value = number.doubleValue();
    if (number instanceof Long || number instanceof Integer || !Double.isFinite(value)) {
      return number.toString();
    }
    BigDecimal decimal = new BigDecimal(Double.toString(value));
    return decimal.signum() == 0 ? "0" : decimal.stripTrailingZeros().toPlainString();
  }

  /** Milliseconds since 1970 of an instant in ISO 8601, or {@code null} when it is none. */
  static @Nullable Long epochMillis(@Nullable String instant) {
    if (instant == null) {
      return null;
    }
    try {
      return Instant.parse(instant).toEpochMilli();
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
