/**
 * What an inference owed to which part of its input: attributions of a model's output to tokens or
 * features.
 *
 * <p>A model is a {@link io.innerspan.signals.saliency.PointFunction} of a vector, whatever engine
 * runs it; one that has gradients is {@link io.innerspan.signals.saliency.Differentiable}. A {@link
 * io.innerspan.signals.saliency.Subject} is such a function with an input, a baseline and the parts
 * of the vector that belong together, and {@link io.innerspan.signals.saliency.SaliencyMethod}
 * explains it.
 */
@NullMarked
package io.innerspan.signals.saliency;

import org.jspecify.annotations.NullMarked;
