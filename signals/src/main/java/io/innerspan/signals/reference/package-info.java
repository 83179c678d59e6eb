/**
 * The mathematics of signals on plain arrays: slow, obvious, and what every engine is held to. Sums
 * run in double precision, in ascending order, without fused multiply-add, so that they give the
 * same bits on every machine.
 */
@NullMarked
package io.innerspan.signals.reference;

import org.jspecify.annotations.NullMarked;
