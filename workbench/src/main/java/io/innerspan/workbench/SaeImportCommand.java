package io.innerspan.workbench;

import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.TokenSelection;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.ModelIdentity;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.pack.TokenizerIdentity;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.data.InputFile;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.packs.GoldenTexts;
import io.innerspan.workbench.packs.GoldenValues;
import io.innerspan.workbench.packs.PackJson;
import io.innerspan.workbench.packs.SaeLensImport;
import io.innerspan.workbench.sae.SaePack;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
          + " Golden inputs are run through a live session that holds the compiled autoencoder."
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
      names = "--tokenizer",
      paramLabel = "T.json",
      description =
          "The model's tokenizer; without it the pack proves itself with made-up token ids.")
  private @Nullable Path tokenizer;

  @Option(
      names = "--texts",
      paramLabel = "FILE",
      description =
          "Up to 8 texts, one per line, for the golden inputs; by default three of our own.")
  private @Nullable Path texts;

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

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    InputFile.emptyDirectory(out);
    if (texts != null && tokenizer == null) {
      throw new BadInput("--texts: expected --tokenizer with it, found none");
    }
    SaeFeatures signal =
        SaeLensImport.read(folder, "sae_features", hookPoint, new TokenSelection(excluded));
    OnnxTextModel opened = OnnxTextModel.open(model);
    Progress progress = new Progress(spec.commandLine().getErr());
    List<GoldenInput> golden =
        GoldenValues.of(
            opened,
            signal,
            tokenizer == null ? GoldenTexts.madeUp() : GoldenTexts.of(tokenizer, texts),
            progress);
    ProbePack pack =
        SaePack.write(
            out,
            name,
            "1.0.0",
            licence,
            new ModelIdentity(
                String.valueOf(model.getFileName()).replaceAll("\\.onnx$", ""),
                opened.sha256(),
                opened.structureDigest()),
            tokenizer == null ? null : new TokenizerIdentity(Digests.sha256(tokenizer)),
            signal,
            golden);
    spec.commandLine()
        .getOut()
        .println(
            json ? PackJson.of(pack) : out + ": " + pack.label() + ", digest " + pack.digest());
    spec.commandLine().getOut().flush();
    return 0;
  }
}
