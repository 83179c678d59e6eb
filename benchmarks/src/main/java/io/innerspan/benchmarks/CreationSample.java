package io.innerspan.benchmarks;

/**
 * What one JVM said.
 *
 * @param millis that the second {@code createSession} of the JVM took
 * @param firstMillis that the first one took, which loads what code it needs
 * @param peak the most megabytes (10⁶ bytes) that were resident until it returned
 * @param peakAfter the same until readings were on, or until the end where nothing is certified
 * @param readingsOn milliseconds from the call until readings were on, or NaN
 */
record CreationSample(
    double millis, double firstMillis, double peak, double peakAfter, double readingsOn) {}
