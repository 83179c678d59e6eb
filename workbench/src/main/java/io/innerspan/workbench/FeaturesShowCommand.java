package io.innerspan.workbench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.innerspan.workbench.features.Example;
import io.innerspan.workbench.features.Feature;
import io.innerspan.workbench.features.FeatureDatabase;
import io.innerspan.workbench.features.Label;
import io.innerspan.workbench.features.Neighbour;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code innerspan features show}. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Shows what a dictionary knows of a feature.")
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class FeaturesShowCommand implements Callable<Integer> {
  private static final int BAR = 40;

  @Spec private CommandSpec spec;
  @Mixin private DictionaryOptions dictionary;

  @Parameters(paramLabel = "FEATURE", description = "Its index, or the beginning of its id.")
  private String which;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    Feature feature;
    List<Label> labels;
    try (FeatureDatabase database = dictionary.open()) {
      feature = database.feature(database.version(dictionary.version()).name(), which);
      labels = database.labelsOf(feature.id());
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(json(feature, labels));
    } else {
      print(out, feature, labels);
    }
    out.flush();
    return 0;
  }

  private static String json(Feature feature, List<Label> labels) {
    Gson gson = new GsonBuilder().disableHtmlEscaping().create();
    JsonObject object = gson.toJsonTree(feature).getAsJsonObject();
    JsonArray histogram = new JsonArray();
    for (Map.Entry<Integer, Long> bin : feature.histogram().entrySet()) {
      JsonObject each = new JsonObject();
      each.addProperty("from", Feature.binStart(bin.getKey()));
      each.addProperty("count", bin.getValue());
      histogram.add(each);
    }
    object.add("histogram", histogram);
    object.add("labels", gson.toJsonTree(labels));
    return gson.toJson(object);
  }

  private static void print(PrintWriter out, Feature feature, List<Label> labels) {
    out.println("feature " + feature.index() + "  " + feature.id());
    for (Label label : labels) {
      out.println(
          "  " + label.text() + (label.author() == null ? "" : "  (" + label.author() + ")"));
    }
    out.println(
        String.format(
            Locale.ROOT,
            "  active on %d tokens (%.4f %%), mean %.3f, greatest %.3f",
            feature.active(),
            100 * feature.density(),
            feature.mean(),
            feature.max()));
    neighbours(out, "nearest", feature.nearest());
    neighbours(out, "active together with", feature.together());
    if (feature.cluster() != feature.index()) {
      out.println("  in the cluster of feature " + feature.cluster());
    }
    long most = feature.histogram().values().stream().mapToLong(Long::longValue).max().orElse(1);
    feature
        .histogram()
        .forEach(
            (bin, count) ->
                out.println(
                    String.format(
                        Locale.ROOT,
                        "  %9.3f %8d %s",
                        Feature.binStart(bin),
                        count,
                        "█".repeat((int) Math.ceil((double) BAR * count / most)))));
    for (Example example : feature.examples()) {
      out.println(
          String.format(Locale.ROOT, "  %8.3f  %s", example.activation(), highlighted(example)));
    }
  }

  private static void neighbours(PrintWriter out, String what, List<Neighbour> neighbours) {
    if (!neighbours.isEmpty()) {
      StringBuilder line = new StringBuilder("  " + what + ":");
      for (Neighbour each : neighbours) {
        line.append(String.format(Locale.ROOT, " %d (%.2f)", each.feature(), each.strength()));
      }
      out.println(line);
    }
  }

  /** The text on one line, active tokens between ⟦ and ⟧. */
  private static String highlighted(Example example) {
    StringBuilder text = new StringBuilder();
    int at = 0;
    for (Example.ActiveToken token : example.tokens()) {
      if (token.begin() >= at && token.end() > token.begin()) {
        text.append(example.text(), at, token.begin()).append('⟦');
        text.append(example.text(), token.begin(), token.end()).append('⟧');
        at = token.end();
      }
    }
    return (text + example.text().substring(at)).replaceAll("\\s+", " ");
  }
}
