package io.innerspan.workbench.bench;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What SAEBench's authors tell of an autoencoder of theirs: example results that lie in the
 * benchmark's first repository, {@code github.com/adamkarvonen/SAE_Bench_Template}. The paper
 * (arXiv 2503.09532) shows its own as plots, from which nothing was read off.
 *
 * @param name what it is
 * @param model the model that it reads
 * @param explained variance, or null where it is not told
 * @param l0 active features per token, or null where it is not told
 * @param loss the share of the next token's cross-entropy that it recovers from zero ablation, or
 *     null where it is not told
 * @param probing the mean accuracy of k features, by k; empty where it is not told
 * @param source the file with the figures, and its commit
 */
public record PublishedAutoencoder(
    String name,
    String model,
    @Nullable Double explained,
    @Nullable Double l0,
    @Nullable Double loss,
    Map<Integer, Double> probing,
    String source) {
  private static final String GEMMA = "Gemma 2 2B, layer 19";
  private static final String PYTHIA = "Pythia-70M, layer 4";
  private static final String PROBED_GEMMA =
      "evals/sparse_probing/results/example_gemma-2-2b_layer_19_eval_results.json at 38e27213";
  private static final String PROBED_PYTHIA =
      "tests/test_data/sparse_probing/sparse_probing_expected_results.json at e75c8b5e";
  private static final String CORE = "tests/test_data/core/core_expected_results.json at 92bc76a5";

  /** What is shown beside ours; figures as they stand in the files, rounded to four digits. */
  public static final List<PublishedAutoencoder> ALL =
      List.of(
          probed("TopK, 18432, k = 20", GEMMA, 20.0, PROBED_GEMMA, .8892, .8916, .9130),
          probed("TopK, 18432, k = 40", GEMMA, 40.0, PROBED_GEMMA, .9004, .9018, .9090),
          probed("Gemma Scope, 16k", GEMMA, 40.0, PROBED_GEMMA, .8830, .8960, .9118),
          probed("dimensions", GEMMA, null, PROBED_GEMMA, .6734, .7202, .8008),
          probed("TopK", PYTHIA, null, PROBED_PYTHIA, .7744, .8200, .8794),
          probed("dimensions", PYTHIA, null, PROBED_PYTHIA, .7604, .8026, .8532),
          new PublishedAutoencoder(
              "gated, 4096", "Pythia-70M, layer 3", .9858, 376.98, .9976, Map.of(), CORE));

  private static PublishedAutoencoder probed(
      String name, String model, @Nullable Double l0, String source, double... accuracies) {
    Map<Integer, Double> byK = new TreeMap<>();
    byK.put(1, accuracies[0]);
    byK.put(2, accuracies[1]);
    byK.put(5, accuracies[2]);
    return new PublishedAutoencoder(name, model, null, l0, null, byK, source);
  }

  /** Why it cannot be held against ours. */
  public String whyNotComparable() {
    return probing.isEmpty() ? Published.OTHER_LOSS : Published.OTHER_PROBING;
  }
}
