package io.innerspan.workbench;

import com.google.gson.JsonObject;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.InputFile;
import io.innerspan.workbench.features.FeatureDatabase;
import io.innerspan.workbench.features.VersionInfo;
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

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (limit < 1) {
      throw new BadInput("--limit: expected 1 or more, found " + limit);
    }
    InputFile.writable(html);
    VersionInfo version;
    try (FeatureDatabase database = dictionary.open()) {
      version = database.version(dictionary.version());
      Files.writeString(html, FeatureReport.of(database, version, limit));
    }
    if (json) {
      JsonObject object = new JsonObject();
      object.addProperty("file", html.toString());
      object.addProperty("version", version.name());
      object.addProperty("features", version.features());
      spec.commandLine().getOut().println(object);
    } else {
      spec.commandLine().getOut().println(html);
    }
    spec.commandLine().getOut().flush();
    return 0;
  }
}
