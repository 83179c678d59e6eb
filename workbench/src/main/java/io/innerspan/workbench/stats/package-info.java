/** Evaluation: metrics, intervals, calibration and certified thresholds. */
@NullMarked
package io.innerspan.workbench.stats;

import org.jspecify.annotations.NullMarked;
