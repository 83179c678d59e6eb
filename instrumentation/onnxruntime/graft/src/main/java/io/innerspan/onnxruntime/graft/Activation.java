package io.innerspan.onnxruntime.graft;

/**
 * An activation that an overlay reads, in single precision.
 *
 * @param tensor the name of a float tensor: the tapped one, or what it was cast to
 * @param perToken whether it is {@code [batch, tokens, width]}; otherwise {@code [batch, width]},
 *     which counts as one token per row
 */
record Activation(String tensor, boolean perToken) {}
