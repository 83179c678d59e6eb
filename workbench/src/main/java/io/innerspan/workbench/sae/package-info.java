/** Sparse autoencoders: training, evaluation, and the controls they are held against. */
@NullMarked
package io.innerspan.workbench.sae;

import org.jspecify.annotations.NullMarked;
