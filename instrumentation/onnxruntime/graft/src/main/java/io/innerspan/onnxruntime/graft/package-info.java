/**
 * Compiles signals into an ONNX model's own graph: bytes to bytes, without any knowledge of a
 * runtime.
 *
 * <p>{@link OnnxModel} reads a model's structure, {@link OverlayCompiler} makes the bytes that,
 * appended to the model's, let it compute the signals.
 */
@NullMarked
package io.innerspan.onnxruntime.graft;

import org.jspecify.annotations.NullMarked;
