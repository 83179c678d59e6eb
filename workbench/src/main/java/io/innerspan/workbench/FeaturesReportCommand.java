package io.innerspan.workbench;

import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.InputFile;
import io.innerspan.workbench.features.FeatureDatabase;
import io.innerspan.workbench.html.FeatureReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code innerspan features report}. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Writes a version of a dictionary as one HTML file that needs no network.")
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class FeaturesReportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DictionaryOptions dictionary;

  @Option(
      names = "--html",
      required = true,
      paramLabel = "FILE",
      description = "The file to write.")
  private Path html;

  @Option(
      names = "--limit",
      defaultValue = "200",
      paramLabel = "N",
      description =
          "How many features: labelled ones first, then those active most often (default:"
              + " ${DEFAULT-VALUE}).")
  private int limit;

  @Override
  public Integer call() throws IOException {
    if (limit < 1) {
      throw new BadInput("--limit: expected 1 or more, found " + limit);
    }
    InputFile.writable(html);
    try (FeatureDatabase database = dictionary.open()) {
      Files.writeString(
          html, FeatureReport.of(database, database.version(dictionary.version()), limit));
    }
    spec.commandLine().getOut().println(html);
    spec.commandLine().getOut().flush();
    return 0;
  }
}
