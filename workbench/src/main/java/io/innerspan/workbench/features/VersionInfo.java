package io.innerspan.workbench.features;

import org.jspecify.annotations.Nullable;

/**
 * One version of a dictionary.
 *
 * @param name what it was called when it was built
 * @param packDigest of the pack with the autoencoder
 * @param modelName a name is not identity
 * @param modelSha256 of the model
 * @param hookPoint where the autoencoder reads
 * @param dataSha256 of the texts
 * @param tokens how many tokens were read
 * @param features how many features there are
 * @param width of the activation
 * @param neuronpedia where Neuronpedia describes the features, or null
 */
public record VersionInfo(
    String name,
    String packDigest,
    String modelName,
    String modelSha256,
    String hookPoint,
    String dataSha256,
    int tokens,
    int features,
    int width,
    @Nullable String neuronpedia) {}
