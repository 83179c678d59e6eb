package io.innerspan.signals;

/**
 * A score from which on a probe's positive label holds.
 *
 * @param score the smallest calibrated score that counts as positive, in [0, 1]
 * @param targetFpr the false-positive rate that the threshold was chosen for, in (0, 1)
 */
public record Threshold(double score, double targetFpr) {}
