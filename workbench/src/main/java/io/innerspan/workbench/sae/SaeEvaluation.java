package io.innerspan.workbench.sae;

import io.innerspan.workbench.stats.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

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
 * @param aboveUntrained by k, by how much the packs' mean AUROC of probing exceeds the untrained
 *     model's; empty without that control, labels, or the same texts
 */
public record SaeEvaluation(
    String hookPoint,
    int features,
    List<SeedResult> seeds,
    List<Control> controls,
    List<Agreement> agreement,
    @Nullable String positive,
    int testTexts,
    Map<Integer, Interval> aboveUntrained) {
  /** The name of the control that probes the activation's own dimensions. */
  public static final String DIMENSIONS = "dimensions";

  /** Of fewer seeds the spread says nothing. */
  public static final int FEWEST_SEEDS = 3;

  public SaeEvaluation {
    seeds = List.copyOf(seeds);
    controls = List.copyOf(controls);
    agreement = List.copyOf(agreement);
  }

  /**
   * What the numbers are without what training learnt.
   *
   * @param mean over the draws
   * @param draws one for each pack where something is drawn, else one
   */
  public record Control(SeedResult mean, List<SeedResult> draws) {
    public Control {
      draws = List.copyOf(draws);
    }

    static Control once(SeedResult result) {
      return new Control(result, List.of(result));
    }

    static Control of(String name, List<SeedResult> draws) {
      return new Control(SeedResult.mean(name, draws), draws);
    }

    /** The least over the draws. */
    public double least(ToDoubleFunction<SeedResult> number) {
      return draws.stream().mapToDouble(number).min().orElse(Double.NaN);
    }

    /** The greatest over the draws. */
    public double greatest(ToDoubleFunction<SeedResult> number) {
      return draws.stream().mapToDouble(number).max().orElse(Double.NaN);
    }
  }

  /** Whether there are seeds enough to hold a number against the controls'. */
  public boolean enoughSeeds() {
    return seeds.size() >= FEWEST_SEEDS;
  }

  /** The seeds, then the controls' means. */
  public List<SeedResult> all() {
    List<SeedResult> all = new ArrayList<>(seeds);
    controls.forEach(control -> all.add(control.mean()));
    return all;
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
