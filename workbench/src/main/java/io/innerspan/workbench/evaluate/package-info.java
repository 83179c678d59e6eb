/** Evaluating a pack's probe beside the baselines that it must beat. */
@NullMarked
package io.innerspan.workbench.evaluate;

import org.jspecify.annotations.NullMarked;
