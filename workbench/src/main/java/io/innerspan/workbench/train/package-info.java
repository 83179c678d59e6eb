/** Training a probe pack: selection, evaluation, golden cases, and the pack's README. */
@NullMarked
package io.innerspan.workbench.train;

import org.jspecify.annotations.NullMarked;
