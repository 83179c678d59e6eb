package io.innerspan.examples.quickstart.driver;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * The client's side of a trace, as the W3C header {@code traceparent} carries it.
 *
 * @param traceId 32 lower-case hexadecimal digits, not all 0
 * @param spanId 16 lower-case hexadecimal digits, not all 0
 */
record TraceParent(String traceId, String spanId) {
  /** A new sampled trace with random ids. */
  static TraceParent create(RandomGenerator random) {
    return new TraceParent(hex(nonZero(random)) + hex(random.nextLong()), hex(nonZero(random)));
  }

  /** The header's value: version 00, sampled. */
  String header() {
    return "00-" + traceId + "-" + spanId + "-01";
  }

  private static long nonZero(RandomGenerator random) {
    long value = random.nextLong();
    return value == 0 ? 1 : value;
  }

  private static String hex(long value) {
    return HexFormat.of().toHexDigits(value);
  }
}
