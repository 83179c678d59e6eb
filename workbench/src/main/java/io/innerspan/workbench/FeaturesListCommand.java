package io.innerspan.workbench;

import com.google.gson.Gson;
import io.innerspan.workbench.features.FeatureDatabase;
import io.innerspan.workbench.features.VersionInfo;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code innerspan features list}. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists a dictionary's versions.")
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class FeaturesListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DictionaryOptions dictionary;

  @Option(names = "--json", description = "Print one JSON array.")
  private boolean json;

  @Override
  public Integer call() {
    List<VersionInfo> versions;
    try (FeatureDatabase database = dictionary.open()) {
      versions = database.versions();
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(new Gson().toJson(versions));
    } else {
      for (VersionInfo version : versions) {
        out.println(
            version.name()
                + ": "
                + version.features()
                + " features at "
                + version.hookPoint()
                + " of "
                + version.modelName()
                + ", "
                + version.tokens()
                + " tokens, pack "
                + version.packDigest());
      }
    }
    out.flush();
    return 0;
  }
}
