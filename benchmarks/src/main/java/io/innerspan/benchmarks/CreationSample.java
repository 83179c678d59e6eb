package io.innerspan.benchmarks;

/**
 * What one JVM said.
 *
 * @param millis that {@code createSession} took
 * @param peak the most megabytes (10⁶ bytes) that were resident until it returned
 * @param peakAfter the same until readings were on, or until the end where nothing is certified
 * @param readingsOn milliseconds from the call until readings were on, or NaN
 */
record CreationSample(double millis, double peak, double peakAfter, double readingsOn) {}
