package io.innerspan.workbench.inspect;

/**
 * What a signal adds to the time of an inference that computes it.
 *
 * @param percent the median over pairs of runs, in percent of the plain model's time
 * @param pairs how many
 */
public record SignalCost(double percent, int pairs) {}
