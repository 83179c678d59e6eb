/**
 * Calibrating a pack that there is: scores, thresholds, and baselines of what is normal; and
 * recording its canaries.
 */
@NullMarked
package io.innerspan.workbench.calibrate;

import org.jspecify.annotations.NullMarked;
