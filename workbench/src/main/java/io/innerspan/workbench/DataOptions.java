package io.innerspan.workbench;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The columns of labelled texts, as every command names them. */
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class DataOptions {
  @Option(
      names = "--text-column",
      required = true,
      paramLabel = "C",
      description = "The column of texts.")
  String text;

  @Option(
      names = "--label-column",
      required = true,
      paramLabel = "C",
      description = "The column of labels.")
  String label;

  @Option(
      names = "--positive",
      required = true,
      paramLabel = "LABEL",
      description = "The label that the probe is to find; all others count as benign.")
  String positive;

  @Option(
      names = "--group-column",
      paramLabel = "C",
      description =
          "The column of template families, which stay whole in every split and resample; an empty"
              + " cell is a family of one.")
  @Nullable String group;
}
