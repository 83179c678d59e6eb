/** Activations on disk: what {@code capture --store} writes and what is learnt from them. */
@NullMarked
package io.innerspan.workbench.store;

import org.jspecify.annotations.NullMarked;
