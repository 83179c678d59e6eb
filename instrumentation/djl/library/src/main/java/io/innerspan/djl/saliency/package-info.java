/**
 * Explains single inferences of models that run on DJL's PyTorch engine, apart from the
 * application's own work: on a copy of the weights, in the caller's thread, with the gradient mode
 * of that thread alone.
 *
 * <p>{@link io.innerspan.djl.saliency.RowInputs} is what is kept of an inference; an {@link
 * io.innerspan.djl.saliency.ExplainedModel} explains it. The engine's gradients are reached through
 * {@code Autograd}, which asks for none that an array does not have: libtorch would end the JVM.
 */
@NullMarked
package io.innerspan.djl.saliency;

import org.jspecify.annotations.NullMarked;
