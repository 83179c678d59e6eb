package io.innerspan.workbench.sae;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What {@code sae evaluate} found.
 *
 * @param hookPoint where
 * @param features the size of the dictionary
 * @param seeds one result for each pack
 * @param controls what the same numbers are for PCA, a random dictionary, the activations' own
 *     dimensions, and an untrained model
 * @param agreement of the features of each pair of packs, empty for one
 * @param positive the label that probing told from the others, or null
 * @param testTexts held-out texts that probing was judged by
 */
public record SaeEvaluation(
    String hookPoint,
    int features,
    List<SeedResult> seeds,
    List<SeedResult> controls,
    List<Agreement> agreement,
    @org.jspecify.annotations.Nullable String positive,
    int testTexts) {
  /** The name of the control that probes the activation's own dimensions. */
  public static final String DIMENSIONS = "dimensions";

  public SaeEvaluation {
    seeds = List.copyOf(seeds);
    controls = List.copyOf(controls);
    agreement = List.copyOf(agreement);
  }

  /**
   * How much two dictionaries have in common.
   *
   * @param first a pack
   * @param second another
   * @param mean the mean over features of the first of the greatest cosine in the second
   * @param above the share of features whose greatest cosine is above 0.7
   */
  public record Agreement(String first, String second, double mean, double above) {}

  /** The mean over the seeds. */
  public double mean(ToDoubleFunction<SeedResult> number) {
    return seeds.stream().mapToDouble(number).average().orElse(Double.NaN);
  }

  /** The least over the seeds. */
  public double least(ToDoubleFunction<SeedResult> number) {
    return seeds.stream().mapToDouble(number).min().orElse(Double.NaN);
  }

  /** The greatest over the seeds. */
  public double greatest(ToDoubleFunction<SeedResult> number) {
    return seeds.stream().mapToDouble(number).max().orElse(Double.NaN);
  }
}
