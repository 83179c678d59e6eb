package io.innerspan.workbench.sae;

import org.jspecify.annotations.Nullable;

/**
 * What one autoencoder was found to do.
 *
 * @param name of the pack, control or seed
 * @param heldOut reconstruction of tokens of held-out texts
 * @param l0 active features per held-out token
 * @param alive the share of features active on any token of the store
 * @param loss what the model loses with the reconstruction, or null when not asked for
 * @param probing k-sparse probing, or null without labels
 * @param activity on how many tokens of the store each feature is active, or null for what has no
 *     features
 */
public record SeedResult(
    String name,
    Reconstruction heldOut,
    double l0,
    double alive,
    @Nullable LossRecovered loss,
    @Nullable SparseProbing probing,
    @Nullable Activity activity) {}
