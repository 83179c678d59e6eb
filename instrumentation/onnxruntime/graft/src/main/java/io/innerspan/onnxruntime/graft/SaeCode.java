package io.innerspan.onnxruntime.graft;

/**
 * What a sparse autoencoder makes of {@code n} activations per row; at those that do not count, any
 * number.
 *
 * @param features none below 0, and 0 at activations that do not count: float {@code [batch,
 *     features, n]}, or {@code [batch, features]} where n is 1
 * @param active how many features are active: float {@code [batch, n, 1]}
 * @param decoded the normalisation not undone: float {@code [batch, n, in]}
 */
record SaeCode(String features, String active, String decoded) {}
