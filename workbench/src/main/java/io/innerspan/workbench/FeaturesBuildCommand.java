package io.innerspan.workbench;

import com.google.gson.JsonObject;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.InputFile;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.features.Feature;
import io.innerspan.workbench.features.FeatureDatabase;
import io.innerspan.workbench.features.FeatureIndexer;
import io.innerspan.workbench.features.VersionInfo;
import io.innerspan.workbench.sae.SaePack;
import io.innerspan.workbench.store.ActivationStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code innerspan features build}. */
@Command(
    name = "build",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Encodes every text of a store and writes what each feature does as a version of a dictionary:"
          + " the texts on which it is strongest, its activations, the features near it and those"
          + " active with it.",
      "Labels that the dictionary has for a feature's id hold for the new version too."
    })
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class FeaturesBuildCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--sae", required = true, paramLabel = "PACK", description = "The pack.")
  private Path pack;

  @Option(
      names = "--signal",
      paramLabel = "ID",
      description = "Which signal; needed when the pack has several autoencoders.")
  private @Nullable String signal;

  @Option(
      names = "--store",
      required = true,
      paramLabel = "DIR",
      description = "The store of activations, of the pack's model.")
  private Path store;

  @Option(
      names = "--dictionary",
      required = true,
      paramLabel = "FILE",
      description = "The dictionary, made if it is not there.")
  private Path file;

  @Option(
      names = "--version-name",
      required = true,
      paramLabel = "V",
      description = "What to call the version.")
  private String version;

  @Option(names = "--replace", description = "Replace the version if it is there.")
  private boolean replace;

  @Option(
      names = "--examples",
      defaultValue = "20",
      paramLabel = "N",
      description = "Texts kept for each feature, 0 to 1000 (default: ${DEFAULT-VALUE}).")
  private int examples;

  @Option(
      names = "--cluster-at",
      defaultValue = "0.3",
      paramLabel = "SHARE",
      description =
          "From which share of common tokens on two features are of one cluster (default:"
              + " ${DEFAULT-VALUE}).")
  private double clusterAt;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    check();
    SaePack read = SaePack.read(pack, signal);
    ActivationStore opened = ActivationStore.open(store);
    String hookPoint = read.signal().hookPoint().name();
    String model = opened.settings().modelSha256();
    if (!read.pack().model().sha256().equals(model)) {
      throw BadInput.in(
          pack, "a pack for the store's model sha256:" + model, read.pack().model().sha256());
    }
    if (opened.width(hookPoint) != read.signal().sae().in()) {
      throw BadInput.in(
          pack, "the width " + opened.width(hookPoint), "" + read.signal().sae().in());
    }
    try (FeatureDatabase database = FeatureDatabase.openOrCreate(InputFile.writable(file))) {
      boolean there = database.versions().stream().anyMatch(each -> each.name().equals(version));
      if (there && !replace) {
        throw BadInput.in(
            file, "no version '" + version + "' yet (or --replace)", "a version of that name");
      }
      FeatureIndexer indexer =
          new FeatureIndexer(read, opened.texts(hookPoint), examples, clusterAt);
      List<Feature> features = indexer.run(new Progress(spec.commandLine().getErr()));
      VersionInfo info =
          new VersionInfo(
              version,
              read.pack().digest(),
              read.pack().model().name(),
              model,
              hookPoint,
              opened.settings().dataSha256(),
              indexer.tokens(),
              features.size(),
              read.signal().sae().in(),
              read.signal().dictionary().neuronpedia());
      database.put(info, features, read.signal().sae().decoder().toArray());
      tell(info, features);
    }
    return 0;
  }

  private void check() {
    if (examples < 0 || examples > 1000) {
      throw new BadInput("--examples: expected 0 to 1000, found " + examples);
    }
    if (!(clusterAt > 0 && clusterAt <= 1)) {
      throw new BadInput("--cluster-at: expected a share above 0, found " + clusterAt);
    }
    if (version.isBlank() || version.length() > 100) {
      throw new BadInput("--version-name: expected 1 to 100 characters, found '" + version + "'");
    }
  }

  private void tell(VersionInfo info, List<Feature> features) {
    long alive = features.stream().filter(feature -> feature.active() > 0).count();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      JsonObject object = new JsonObject();
      object.addProperty("version", info.name());
      object.addProperty("features", info.features());
      object.addProperty("alive", alive);
      object.addProperty("tokens", info.tokens());
      object.addProperty("pack", info.packDigest());
      out.println(object);
    } else {
      out.println(
          file
              + ": version "
              + info.name()
              + ", "
              + info.features()
              + " features, "
              + alive
              + " of them active on "
              + info.tokens()
              + " tokens");
    }
    out.flush();
  }
}
