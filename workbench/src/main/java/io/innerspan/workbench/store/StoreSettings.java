package io.innerspan.workbench.store;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What decides a store's content: a capture goes on only where all of it is the same.
 *
 * @param modelName the model's file name; a name is not identity
 * @param modelSha256 of the model's file
 * @param structure the digest of the model's graph without weights
 * @param randomizedSeed with which the model's weights were replaced by random ones, or null for
 *     the model as it is
 * @param tokenizerSha256 of the tokenizer's file, or null without one
 * @param dataSha256 of the file of texts
 * @param textColumn the column of texts, or null
 * @param labelColumn the column of labels, or null
 * @param groupColumn the column of template families, or null
 * @param inputs of what is no text, what it is and how it becomes the model's input; null for texts
 * @param hookPoints where activations are read
 * @param shardBytes after how many bytes of activations a shard ends
 * @param engine what computed the activations, with its version
 */
public record StoreSettings(
    String modelName,
    String modelSha256,
    String structure,
    @Nullable Long randomizedSeed,
    @Nullable String tokenizerSha256,
    String dataSha256,
    @Nullable String textColumn,
    @Nullable String labelColumn,
    @Nullable String groupColumn,
    @Nullable String inputs,
    List<String> hookPoints,
    long shardBytes,
    String engine) {
  public StoreSettings {
    hookPoints = List.copyOf(hookPoints);
  }

  /**
   * Those of a store, whose shards are not read.
   *
   * @throws io.innerspan.workbench.data.BadInput when there is none
   */
  public static StoreSettings of(Path folder) {
    return StoreIndex.read(folder).settings();
  }

  /** Whether an engine of DJL computed the activations. */
  public boolean djl() {
    return engine.startsWith("djl ");
  }

  /** What differs from another store's settings, as {@code [what, here, there]}, or null. */
  String @Nullable [] difference(StoreSettings that) {
    String[][] pairs = {
      {"model", "sha256:" + modelSha256, "sha256:" + that.modelSha256},
      {"random weights", randomizedSeed + "", that.randomizedSeed + ""},
      {"tokenizer", "sha256:" + tokenizerSha256, "sha256:" + that.tokenizerSha256},
      {"data", "sha256:" + dataSha256, "sha256:" + that.dataSha256},
      {"text column", textColumn + "", that.textColumn + ""},
      {"label column", labelColumn + "", that.labelColumn + ""},
      {"group column", groupColumn + "", that.groupColumn + ""},
      {"inputs", inputs + "", that.inputs + ""},
      {"hook points", hookPoints + "", that.hookPoints + ""},
      {"shard size", shardBytes + " bytes", that.shardBytes + " bytes"},
      {"engine", engine, that.engine}
    };
    for (String[] pair : pairs) {
      if (!pair[1].equals(pair[2])) {
        return pair;
      }
    }
    return null;
  }
}
