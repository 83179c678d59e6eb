package io.innerspan.workbench.sae;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
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
    @Nullable Activity activity) {
  /** The mean of several autoencoders of one kind. */
  static SeedResult mean(String name, List<SeedResult> all) {
    List<LossRecovered> losses = new ArrayList<>();
    List<SparseProbing> probings = new ArrayList<>();
    for (SeedResult each : all) {
      if (each.loss != null) {
        losses.add(each.loss);
      }
      if (each.probing != null) {
        probings.add(each.probing);
      }
    }
    return new SeedResult(
        name,
        new Reconstruction(
            average(all, each -> each.heldOut.explained()),
            average(all, each -> each.heldOut.cosine()),
            all.get(0).heldOut.rows()),
        average(all, SeedResult::l0),
        average(all, SeedResult::alive),
        losses.isEmpty() ? null : LossRecovered.mean(losses),
        probings.isEmpty() ? null : SparseProbing.mean(probings),
        null);
  }

  private static double average(List<SeedResult> all, ToDoubleFunction<SeedResult> number) {
    return all.stream().mapToDouble(number).sum() / all.size();
  }
}
