package io.innerspan.workbench.sae;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import io.innerspan.workbench.data.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code sae-training.json} beside a pack: how its autoencoder was trained. Not part of the pack.
 *
 * @param options how
 * @param hookPoint where
 * @param dataSha256 the store's data
 * @param groupColumn of the store's data, by which texts were held out, or null
 * @param holdOut the share of texts that were held out
 * @param tokens how many tokens were learnt from
 * @param seconds that training took
 * @param resampled how many features were resampled
 * @param curve the loss curve
 */
public record TrainingRecord(
    SaeTrainOptions options,
    String hookPoint,
    String dataSha256,
    @Nullable String groupColumn,
    double holdOut,
    int tokens,
    double seconds,
    int resampled,
    List<LossPoint> curve) {
  static final String FILE = "sae-training.json";
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  /** Writes the file into a pack's folder. */
  public void write(Path pack) throws IOException {
    Files.writeString(pack.resolve(FILE), GSON.toJson(this) + "\n");
  }

  /** Reads the file of a pack, or null when it has none. */
  public static @Nullable TrainingRecord read(Path pack) throws IOException {
    Path file = pack.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return null;
    }
    try {
      return GSON.fromJson(Files.readString(file), TrainingRecord.class);
    } catch (JsonParseException e) {
      throw BadInput.in(file, "what 'sae train' wrote", String.valueOf(e.getMessage()));
    }
  }
}
