package io.innerspan.workbench.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a probe pack is trained from.
 *
 * @param data the CSV file
 * @param textColumn its column of texts
 * @param labelColumn its column of labels
 * @param positive the label that the probe is to find
 * @param groupColumn its column of template families, or null
 * @param model the model
 * @param tokenizer its tokenizer.json
 * @param out the pack's folder, absent or empty
 * @param id the probe's id
 * @param name the pack's name
 * @param version the pack's semantic version
 * @param licence the pack's licence
 * @param seed of the split and of the resampling
 * @param targetFpr the false-positive rate that the threshold is certified for
 * @param testOut where to write the test part with its scores, or null
 * @param always whether the probe is wanted for every inference, also where its engine would
 *     otherwise sample what it costs too much to compute
 * @param script what repeats this training, or null for the workbench's own command
 * @param engine the options of the command that say what runs the model, none for ONNX Runtime
 * @param learning how probes are learnt and chosen
 */
public record TrainOptions(
    Path data,
    String textColumn,
    String labelColumn,
    String positive,
    @Nullable String groupColumn,
    Path model,
    Path tokenizer,
    Path out,
    String id,
    String name,
    String version,
    String licence,
    long seed,
    double targetFpr,
    @Nullable Path testOut,
    boolean always,
    @Nullable String script,
    List<String> engine,
    LearnOptions learning) {
  private static final String TOOL = "workbench/innerspan train";

  public TrainOptions {
    engine = List.copyOf(engine);
  }

  /** What writes the pack. */
  String tool() {
    return script == null ? TOOL : script;
  }

  /** The command that repeats this training, with the files' names instead of their places. */
  String command() {
    if (script != null) {
      return script;
    }
    List<String> words = new ArrayList<>(List.of(TOOL));
    words.addAll(List.of("--data", name(data)));
    words.addAll(List.of("--text-column", Words.quoted(textColumn)));
    words.addAll(List.of("--label-column", Words.quoted(labelColumn)));
    words.addAll(List.of("--positive", Words.quoted(positive)));
    if (groupColumn != null) {
      words.addAll(List.of("--group-column", Words.quoted(groupColumn)));
    }
    words.addAll(engine);
    words.addAll(List.of("--model", name(model), "--tokenizer", name(tokenizer)));
    words.addAll(List.of("--id", id, "--name", name, "--pack-version", version));
    words.addAll(List.of("--licence", Words.quoted(licence)));
    words.addAll(
        List.of("--target-fpr", String.valueOf(targetFpr), "--seed", String.valueOf(seed)));
    if (always) {
      words.addAll(List.of("--sampling", "always"));
    }
    return String.join(" ", words) + learning.words() + " --out PACK";
  }

  private static String name(Path file) {
    return Words.quoted(String.valueOf(file.getFileName()));
  }
}
