package io.innerspan.workbench.features;

/**
 * Another feature that has to do with one.
 *
 * @param feature its index
 * @param strength the cosine of the decoder's rows, or for features that are active together the
 *     share of tokens with both among those with either
 */
public record Neighbour(int feature, double strength) {}
