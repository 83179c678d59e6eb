/**
 * Signals of what a model gives, computed in Java: for engines that cannot be looked into and have
 * no operations on tensors, and for models that are closed to us.
 */
@NullMarked
package io.innerspan.djl.outputs;

import org.jspecify.annotations.NullMarked;
