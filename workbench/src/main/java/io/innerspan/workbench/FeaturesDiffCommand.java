package io.innerspan.workbench;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.features.FeatureDatabase;
import io.innerspan.workbench.features.FeatureDiff;
import io.innerspan.workbench.features.VersionInfo;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code innerspan features diff}. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Matches the features of two versions: the same by their ids, others by the cosine of their"
          + " decoder rows where each is the other's nearest."
    })
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class FeaturesDiffCommand implements Callable<Integer> {
  private static final int SHOWN = 20;

  @Spec private CommandSpec spec;

  @Option(
      names = "--dictionary",
      required = true,
      paramLabel = "FILE",
      description = "The dictionary that 'features build' wrote.")
  private Path file;

  @Parameters(index = "0", paramLabel = "V1", description = "A version.")
  private String first;

  @Parameters(index = "1", paramLabel = "V2", description = "Another.")
  private String second;

  @Option(
      names = "--least",
      defaultValue = "0.7",
      paramLabel = "COSINE",
      description = "What a match by cosine needs (default: ${DEFAULT-VALUE}).")
  private double least;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    if (!(least >= -1 && least <= 1)) {
      throw new BadInput("--least: expected a cosine, found " + least);
    }
    FeatureDiff diff;
    try (FeatureDatabase database = FeatureDatabase.open(file)) {
      VersionInfo one = database.version(first);
      VersionInfo other = database.version(second);
      if (one.width() != other.width()) {
        throw BadInput.in(file, "versions of one width", one.width() + " and " + other.width());
      }
      diff =
          FeatureDiff.of(
              database.ids(first),
              database.decoder(one),
              database.ids(second),
              database.decoder(other),
              one.width(),
              least);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      JsonObject object = new Gson().toJsonTree(diff).getAsJsonObject();
      JsonObject counts = new JsonObject();
      counts.addProperty("same", diff.same().size());
      counts.addProperty("moved", diff.moved().size());
      counts.addProperty("gone", diff.gone().size());
      counts.addProperty("added", diff.added().size());
      object.add("counts", counts);
      out.println(object);
    } else {
      print(out, diff);
    }
    out.flush();
    return 0;
  }

  private void print(PrintWriter out, FeatureDiff diff) {
    out.println(
        diff.same().size()
            + " features are the same, "
            + diff.moved().size()
            + " were matched by cosine, "
            + diff.gone().size()
            + " of "
            + first
            + " have no match, "
            + diff.added().size()
            + " of "
            + second
            + " are new");
    diff.moved().stream()
        .limit(SHOWN)
        .forEach(
            match ->
                out.println(
                    String.format(
                        Locale.ROOT,
                        "  %d is now %d (cosine %.3f)",
                        match.first(),
                        match.second(),
                        match.cosine())));
    if (diff.moved().size() > SHOWN) {
      out.println("  and " + (diff.moved().size() - SHOWN) + " more; --json has all");
    }
  }
}
