package io.innerspan.workbench.features;

import org.jspecify.annotations.Nullable;

/**
 * What somebody calls a feature. Kept by the feature's id, so for every version that has it.
 *
 * @param text the description
 * @param author the model or person that wrote it, or null
 * @param type how it was found, such as Neuronpedia's {@code typeName}, or null
 */
public record Label(String text, @Nullable String author, @Nullable String type) {}
