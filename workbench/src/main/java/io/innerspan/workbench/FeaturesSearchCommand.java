package io.innerspan.workbench;

import com.google.gson.GsonBuilder;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.features.FeatureDatabase;
import io.innerspan.workbench.features.Hit;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code innerspan features search}. */
@Command(
    name = "search",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Finds features by the words of their labels, of the tokens that they are strongest on, and"
            + " of the texts around these.")
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class FeaturesSearchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DictionaryOptions dictionary;

  @Parameters(
      arity = "1..*",
      paramLabel = "WORD",
      description = "All of them must occur; toast* also finds toaster.")
  private List<String> words;

  @Option(
      names = "--limit",
      defaultValue = "20",
      paramLabel = "N",
      description = "The most that are told (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(names = "--json", description = "Print one JSON array.")
  private boolean json;

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new BadInput("--limit: expected 1 or more, found " + limit);
    }
    List<Hit> hits;
    try (FeatureDatabase database = dictionary.open()) {
      String version = database.version(dictionary.version()).name();
      hits = database.search(version, String.join(" ", words), limit);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(new GsonBuilder().disableHtmlEscaping().create().toJson(hits));
    } else {
      for (Hit hit : hits) {
        out.println(
            hit.index()
                + "  "
                + hit.id()
                + (hit.label() == null ? "" : "  " + hit.label())
                + "\n    "
                + hit.snippet().replaceAll("\\s+", " "));
      }
      if (hits.isEmpty()) {
        out.println("no feature has all of these words");
      }
    }
    out.flush();
    return 0;
  }
}
