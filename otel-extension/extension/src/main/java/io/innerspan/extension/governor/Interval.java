package io.innerspan.extension.governor;

/** A range of values. */
record Interval(double low, double high) {
  Interval minus(double value) {
    return new Interval(low - value, high - value);
  }
}
