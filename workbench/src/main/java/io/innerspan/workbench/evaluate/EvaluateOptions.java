package io.innerspan.workbench.evaluate;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a probe is evaluated on.
 *
 * @param pack the pack
 * @param probe the probe's id, or null for a pack with one probe
 * @param model the model that the pack is for
 * @param tokenizer its tokenizer.json
 * @param data the CSV file to test on
 * @param columns its columns, which are those of the other files too
 * @param train the CSV file that baselines learn from, or null to learn them crosswise on the data
 * @param benign the CSV file of benign texts that thresholds are taken from, or null to take them
 *     from half of the data's benign groups
 * @param slices columns whose values get a false-positive rate each
 * @param source the column of sources, each of which is also tested by what the others teach; or
 *     null
 * @param keepDuplicates whether a text that repeats counts as often as it is there, and not once
 * @param byLayer whether to learn a probe at every layer
 * @param latencyTexts how many texts to time, or 0
 * @param seed of folds, halves and resampling
 */
public record EvaluateOptions(
    Path pack,
    @Nullable String probe,
    Path model,
    Path tokenizer,
    Path data,
    Columns columns,
    @Nullable Path train,
    @Nullable Path benign,
    List<String> slices,
    @Nullable String source,
    boolean keepDuplicates,
    boolean byLayer,
    int latencyTexts,
    long seed) {
  /**
   * Where a file holds what.
   *
   * @param text the column of texts
   * @param label the column of labels
   * @param positive the label that the probe is to find; all others are benign
   * @param group the column of template families, or null
   */
  public record Columns(String text, String label, String positive, @Nullable String group) {}
}
