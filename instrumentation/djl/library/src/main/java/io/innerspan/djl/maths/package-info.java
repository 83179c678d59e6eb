/**
 * The mathematics of signals, written once for every way to compute with tensors: {@link
 * io.innerspan.djl.maths.Algebra} is the way, {@link io.innerspan.djl.maths.SignalMaths} the
 * mathematics.
 */
@NullMarked
package io.innerspan.djl.maths;

import org.jspecify.annotations.NullMarked;
