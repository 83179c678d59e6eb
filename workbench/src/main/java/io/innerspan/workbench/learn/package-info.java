/** Learners: probes on activations, and the baselines on the text alone. */
@NullMarked
package io.innerspan.workbench.learn;

import org.jspecify.annotations.NullMarked;
