package io.innerspan.workbench;

import io.innerspan.signals.FeatureDictionary;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.TokenSelection;
import io.innerspan.signals.pack.ModelIdentity;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.pack.SaeLensFolder;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.InputFile;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.sae.SaePack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code innerspan sae import}. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Makes a pack of an autoencoder that SAELens saved (cfg.json and sae_weights.safetensors).",
      "The model must have the hook point; options of SAELens that are not computed here are refused."
    })
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class SaeImportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--saelens",
      required = true,
      paramLabel = "DIR",
      description = "The folder with both files.")
  private Path folder;

  @Option(names = "--model", required = true, paramLabel = "M.onnx", description = "The model.")
  private Path model;

  @Option(
      names = "--hook-point",
      paramLabel = "H",
      description = "Where it reads; by default what cfg.json says.")
  private @Nullable String hookPoint;

  @Option(
      names = "--exclude-ids",
      split = ",",
      paramLabel = "ID",
      description = "Ids of tokens that are not encoded, such as those of [CLS] and [SEP].")
  private List<Long> excluded = List.of();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "PACK",
      description = "The pack's folder: absent or empty.")
  private Path out;

  @Option(
      names = "--name",
      defaultValue = "sae",
      paramLabel = "NAME",
      description = "The pack's name (default: ${DEFAULT-VALUE}).")
  private String name;

  @Option(
      names = "--licence",
      paramLabel = "SPDX",
      defaultValue = "NOASSERTION",
      description = "The pack's licence (default: ${DEFAULT-VALUE}).")
  private String licence;

  @Override
  public Integer call() throws IOException {
    InputFile.emptyDirectory(out);
    if (!Files.isDirectory(folder)) {
      throw BadInput.in(folder, "a folder with cfg.json and sae_weights.safetensors", "none");
    }
    SaeLensFolder files = SaeLensFolder.read(folder);
    String place = hookPoint == null ? files.hookName() : hookPoint;
    if (place == null) {
      throw new BadInput("--hook-point: expected one where cfg.json names none, found none");
    }
    OnnxTextModel opened = OnnxTextModel.open(model);
    // Refuses a place that is not there.
    opened.activations(List.of(new HookPoint(place))).close();
    ProbePack pack =
        SaePack.write(
            out,
            name,
            "1.0.0",
            licence,
            "sae_features",
            new ModelIdentity(
                String.valueOf(model.getFileName()).replaceAll("\\.onnx$", ""),
                opened.sha256(),
                opened.structureDigest()),
            null,
            new HookPoint(place),
            new TokenSelection(excluded),
            files.sae(),
            new FeatureDictionary(files.neuronpedia(), Map.of()));
    spec.commandLine().getOut().println(out + ": " + pack.label() + ", digest " + pack.digest());
    spec.commandLine().getOut().flush();
    return 0;
  }
}
