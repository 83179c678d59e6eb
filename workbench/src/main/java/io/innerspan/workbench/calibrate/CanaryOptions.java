package io.innerspan.workbench.calibrate;

import io.innerspan.signals.pack.CanaryKind;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which canaries are recorded, and where.
 *
 * @param pack the pack
 * @param model its model
 * @param out the new pack, or null to put it in the old one's place
 * @param version of the new pack, or null for the next patch version
 * @param architecture the processor's, by which readings are recorded
 * @param texts canaries to add, or null to record only those that are there
 */
public record CanaryOptions(
    Path pack,
    Path model,
    @Nullable Path out,
    @Nullable String version,
    String architecture,
    @Nullable Texts texts) {
  /**
   * Texts of canaries.
   *
   * @param tokenizer the model's
   * @param data a CSV file
   * @param textColumn its column of texts
   * @param kindColumn its column of kinds, or null when all are of one
   * @param kind of all, or null when there is a column
   * @param limit how many texts to take, from the first on, or null for all
   */
  public record Texts(
      Path tokenizer,
      Path data,
      String textColumn,
      @Nullable String kindColumn,
      @Nullable CanaryKind kind,
      @Nullable Integer limit) {}
}
