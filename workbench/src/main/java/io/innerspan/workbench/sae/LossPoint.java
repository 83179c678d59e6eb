package io.innerspan.workbench.sae;

/**
 * One point of a loss curve, a mean over the steps since the one before.
 *
 * @param step of the optimizer
 * @param unexplained Σ‖x − x̂‖² / Σ‖x − x̄‖² of the batches, before each step
 * @param l0 active features per token
 * @param dead features that were not active since the last resampling, or in the last interval
 * @param resampled features that were resampled since the point before
 */
public record LossPoint(int step, double unexplained, double l0, int dead, int resampled) {}
