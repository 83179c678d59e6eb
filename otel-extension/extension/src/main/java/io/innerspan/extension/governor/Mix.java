package io.innerspan.extension.governor;

/** Steele, Lea and Flood's SplitMix64: consecutive numbers become unrelated ones. */
final class Mix {
  static long of(long value) {
    long z = value * 0x9E3779B97F4A7C15L + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private Mix() {}
}
