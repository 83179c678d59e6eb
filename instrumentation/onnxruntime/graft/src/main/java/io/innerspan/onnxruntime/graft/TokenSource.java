package io.innerspan.onnxruntime.graft;

import org.jspecify.annotations.Nullable;

/**
 * What tells the real tokens of an activation.
 *
 * @param mask the model's input {@code [batch, tokens]} that is zero for padding, or null when
 *     every token or position is real
 * @param last whether the mask begins with tokens of a cache, so that its last columns are the
 *     activation's
 */
record TokenSource(@Nullable TensorInfo mask, boolean last) {}
