package io.innerspan.signals.pack;

import io.innerspan.signals.InvalidValueException;
import org.jspecify.annotations.Nullable;

/**
 * What the probes were trained on.
 *
 * @param sha256 the SHA-256 of the data's file in lowercase hexadecimal
 * @param rows the number of examples, at least 1
 * @param description where the data come from, or null
 * @param seen digests of what the pack learnt from, by which an evaluation leaves it out, or null
 */
public record TrainingData(
    String sha256, long rows, @Nullable String description, @Nullable SeenData seen) {
  public TrainingData {
    Formats.check("training_data.sha256", Formats.SHA256, sha256);
    if (rows < 1) {
      throw new InvalidValueException("training_data.rows", "at least 1", rows);
    }
    if (description != null) {
      Formats.text("training_data.description", description);
    }
  }

  /** Data of which no digests are kept. */
  public TrainingData(String sha256, long rows, @Nullable String description) {
    this(sha256, rows, description, null);
  }
}
