/** Calibrating a pack that there is: scores, thresholds, and baselines of what is normal. */
@NullMarked
package io.innerspan.workbench.calibrate;

import org.jspecify.annotations.NullMarked;
