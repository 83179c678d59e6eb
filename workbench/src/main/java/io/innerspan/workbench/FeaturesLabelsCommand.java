package io.innerspan.workbench;

import com.google.gson.JsonObject;
import io.innerspan.workbench.data.InputFile;
import io.innerspan.workbench.features.FeatureDatabase;
import io.innerspan.workbench.features.NeuronpediaLabels;
import io.innerspan.workbench.features.VersionInfo;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code innerspan features labels}. */
@Command(
    name = "labels",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Reads or writes what features are called, as Neuronpedia's JSON Lines (modelId, layer, index,"
          + " description, explanationModelName, typeName).",
      "Labels are kept by the features' ids. Written lines have featureId too, and a line that has it"
          + " is read by it."
    })
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class FeaturesLabelsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DictionaryOptions dictionary;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Direction direction;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  /** In or out. */
  @SuppressWarnings("NullAway.Init")
  static final class Direction {
    @Option(names = "--import", paramLabel = "FILE", description = "Read labels.")
    private @Nullable Path in;

    @Option(names = "--export", paramLabel = "FILE", description = "Write labels.")
    private @Nullable Path out;
  }

  @Override
  public Integer call() throws IOException {
    JsonObject told = new JsonObject();
    try (FeatureDatabase database = dictionary.open()) {
      VersionInfo version = database.version(dictionary.version());
      if (direction.in != null) {
        NeuronpediaLabels.Read read =
            NeuronpediaLabels.read(direction.in, version, database.ids(version.name()));
        told.addProperty("added", database.addLabels(read.labels()));
        told.addProperty("features", read.labels().size());
        told.addProperty("unknown", read.unknown());
      } else if (direction.out != null) {
        Path file = InputFile.writable(direction.out);
        told.addProperty("written", NeuronpediaLabels.write(file, database, version));
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(told);
    } else if (told.has("written")) {
      out.println(direction.out + ": " + told.get("written") + " labels");
    } else {
      out.println(
          dictionary.file()
              + ": "
              + told.get("added")
              + " new labels of "
              + told.get("features")
              + " features; "
              + told.get("unknown")
              + " lines of features that are not in this version");
    }
    out.flush();
    return 0;
  }
}
