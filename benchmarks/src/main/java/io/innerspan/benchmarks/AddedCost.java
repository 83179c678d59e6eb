package io.innerspan.benchmarks;

/**
 * What Innerspan adds to one inference outside the native call.
 *
 * @param micros microseconds
 * @param microsError half the width of the 99.9 % interval of that
 * @param bytes allocated by the calling thread
 */
record AddedCost(double micros, double microsError, double bytes) {}
