package io.innerspan.workbench.bench;

import io.innerspan.workbench.sae.LossRecovered;
import io.innerspan.workbench.stats.Interval;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was measured.
 *
 * @param data the name of the data's file
 * @param sha256 of it
 * @param model the model's SHA-256
 * @param hookPoint where it was read
 * @param concepts the labels that count
 * @param left labels of too few texts
 * @param learnt texts to learn from
 * @param tested texts to test on
 * @param repeated rows left out as copies
 * @param detection the mean AUROC over the concepts, with an interval that resamples concepts; of
 *     one concept the ends are not numbers
 * @param autoencoders each autoencoder, and last the controls
 */
public record BenchResult(
    String data,
    String sha256,
    String model,
    String hookPoint,
    List<String> concepts,
    int left,
    int learnt,
    int tested,
    int repeated,
    Map<Detector, Interval> detection,
    List<Autoencoder> autoencoders) {
  /**
   * An autoencoder or a control.
   *
   * @param name what it is
   * @param explained variance of tested texts' tokens, or null where nothing is reconstructed
   * @param l0 active features per token
   * @param alive the share of features that are active on any token
   * @param loss what reinsertion recovers, or null
   * @param probing the mean AUROC over the concepts of k features, by k
   * @param sawTheData whether it was trained on this very file; null when it does not say
   */
  public record Autoencoder(
      String name,
      @Nullable Double explained,
      double l0,
      double alive,
      @Nullable LossRecovered loss,
      Map<Integer, Interval> probing,
      @Nullable Boolean sawTheData) {}
}
