/**
 * Explains inferences of ONNX Runtime, which has no gradients: by differences of scores, batched.
 * Usable without the agent.
 */
@NullMarked
package io.innerspan.onnxruntime.session.saliency;

import org.jspecify.annotations.NullMarked;
