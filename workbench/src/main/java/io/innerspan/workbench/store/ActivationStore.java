package io.innerspan.workbench.store;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.innerspan.workbench.data.BadInput;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A finished store, read shard by shard; activations are mapped, not loaded. */
public final class ActivationStore {
  private final Path folder;
  private final StoreIndex index;

  private ActivationStore(Path folder, StoreIndex index) {
    this.folder = folder;
    this.index = index;
  }

  /**
   * Opens a store.
   *
   * @throws BadInput when it is none, unfinished, or a file is not what the index says
   */
  public static ActivationStore open(Path folder) throws IOException {
    StoreIndex index = StoreIndex.read(folder);
    if (!index.complete()) {
      throw BadInput.in(
          folder,
          "a finished store (the same capture again goes on)",
          index.texts() + " texts of more");
    }
    for (ShardInfo shard : index.shards()) {
      check(folder.resolve(shard.activations()), shard.activationsCrc32c());
      check(folder.resolve(shard.texts()), shard.textsCrc32c());
    }
    return new ActivationStore(folder, index);
  }

  static void check(Path file, String crc32c) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw BadInput.in(file, "a shard that the index names", "nothing");
    }
    String found = Checksum.of(file);
    if (!found.equals(crc32c)) {
      throw BadInput.in(file, "the CRC-32C " + crc32c, found);
    }
  }

  /** What decided the content. */
  public StoreSettings settings() {
    return index.settings();
  }

  /** Where it lies. */
  public Path folder() {
    return folder;
  }

  /** The number of texts. */
  public long texts() {
    return index.texts();
  }

  /** The number of tokens. */
  public long tokens() {
    return index.tokens();
  }

  /**
   * The width at a hook point.
   *
   * @throws BadInput when the store has none of this name
   */
  public int width(String hookPoint) {
    Integer width = index.widths().get(hookPoint);
    if (width == null) {
      throw BadInput.in(folder, "activations at '" + hookPoint + "'", "" + index.widths().keySet());
    }
    return width;
  }

  /**
   * The hook point that is meant.
   *
   * @param asked a name, or null for the store's only one
   */
  public String hookPoint(@Nullable String asked) {
    if (asked != null) {
      width(asked);
      return asked;
    }
    if (index.widths().size() != 1) {
      throw BadInput.in(
          folder, "--hook-point, one of several", "none; there are " + index.widths().keySet());
    }
    return index.widths().keySet().iterator().next();
  }

  /** Every activation at a hook point, for reading in any order. */
  public StoreRows rows(String hookPoint) throws IOException {
    List<StoreShard> shards = new ArrayList<>();
    for (ShardInfo info : index.shards()) {
      shards.add(StoreShard.open(folder.resolve(info.activations())));
    }
    return new StoreRows(shards, hookPoint, width(hookPoint));
  }

  /** Every text with its tokens, in order; 2^31 tokens at most. */
  public StoreTexts texts(String hookPoint) throws IOException {
    List<StoreText> texts = new ArrayList<>();
    for (ShardInfo info : index.shards()) {
      Path file = folder.resolve(info.texts());
      try (BufferedReader lines = Files.newBufferedReader(file)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          texts.add(text(file, line));
        }
      }
    }
    return new StoreTexts(texts, rows(hookPoint));
  }

  private static StoreText text(Path file, String line) {
    try {
      JsonObject object = JsonParser.parseString(line).getAsJsonObject();
      return new StoreText(
          object.get("text").getAsString(), string(object, "label"), string(object, "group"));
    } catch (JsonParseException | IllegalStateException | NullPointerException e) {
      throw BadInput.in(file, "a JSON object with a text in each line", line);
    }
  }

  private static @Nullable String string(JsonObject object, String name) {
    JsonElement value = object.get(name);
    return value == null || value.isJsonNull() ? null : value.getAsString();
  }
}
