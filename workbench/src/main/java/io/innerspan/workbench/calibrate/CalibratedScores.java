package io.innerspan.workbench.calibrate;

import io.innerspan.signals.Probe;
import io.innerspan.signals.Threshold;
import io.innerspan.workbench.stats.Interval;
import java.util.List;

/**
 * A probe with new scores, and what is known of them.
 *
 * @param probe with its calibration and first threshold
 * @param method how it was calibrated
 * @param others further thresholds
 * @param positives rows that the calibration was made of
 * @param benign rows that the calibration was made of
 * @param excluded rows left out because the pack has seen them
 * @param silent rows left out because the probe gives them no reading
 * @param folds in how many folds the errors after calibration were measured crosswise
 * @param eceBefore the expected calibration error of the scores as they were
 * @param eceAfter that of calibrations which did not see the row's group
 * @param brierBefore the Brier score as it was
 * @param brierAfter that of calibrations which did not see the row's group
 */
public record CalibratedScores(
    Probe probe,
    CalibrateOptions.Method method,
    List<Threshold> others,
    int positives,
    int benign,
    int excluded,
    int silent,
    int folds,
    Interval eceBefore,
    Interval eceAfter,
    Interval brierBefore,
    Interval brierAfter) {}
