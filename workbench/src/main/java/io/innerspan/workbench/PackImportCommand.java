package io.innerspan.workbench;

import io.innerspan.signals.Pooling;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.packs.ImportOptions;
import io.innerspan.workbench.packs.PackImporter;
import io.innerspan.workbench.packs.PackJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code innerspan pack import}. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Makes a pack of what another tool learnt, proven on the model: golden inputs are run through"
          + " a live session that holds the compiled probe.",
      "sklearn: JSON of coef and intercept, optionally mean and scale of a scaler, x and logit to"
          + " prove it with, hook_point, pooling. saelens: a folder with cfg.json and"
          + " sae_weights.safetensors. vectors: a safetensors file of vectors, such as differences of"
          + " means. repeng: a GGUF file of control vectors, a probe for each layer. onnx: a linear"
          + " head that gives raw logits."
    })
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class PackImportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FORMAT", description = "One of ${COMPLETION-CANDIDATES}.")
  private ImportOptions.Format format;

  @Parameters(index = "1", paramLabel = "SOURCE", description = "The file or folder.")
  private Path source;

  @Mixin private ModelOptions model;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "PACK",
      description = "The pack's folder: absent or empty.")
  private Path out;

  @Option(
      names = "--id",
      required = true,
      paramLabel = "ID",
      description = "The signal's id, [a-z][a-z0-9_]*; of several the beginning of each.")
  private String id;

  @Mixin private NameOptions names;

  @Option(
      names = "--hook-point",
      paramLabel = "H",
      description = "Where it reads; by default what the source says.")
  private @Nullable String hookPoint;

  @Option(
      names = "--pooling",
      paramLabel = "P",
      description = "mean, last, cls or max; by default what the source says, or mean.")
  private Pooling.@Nullable Kind pooling;

  @Option(
      names = "--positive",
      paramLabel = "LABEL",
      defaultValue = "positive",
      description = "The label that a great logit speaks for (default: ${DEFAULT-VALUE}).")
  private String positive;

  @Option(
      names = "--negative",
      paramLabel = "LABEL",
      defaultValue = "negative",
      description = "The other label (default: ${DEFAULT-VALUE}).")
  private String negative;

  @Option(
      names = "--texts",
      paramLabel = "FILE",
      description =
          "Up to 8 texts, one per line, for the golden inputs; by default three of our own.")
  private @Nullable Path texts;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    ImportOptions options =
        new ImportOptions(
            source,
            format,
            model.file,
            model.tokenizer,
            texts,
            out,
            NameOptions.id(id),
            names.name(id),
            names.version(),
            names.licence,
            hookPoint,
            pooling,
            positive,
            negative);
    Progress progress = new Progress(spec.commandLine().getErr());
    ProbePack pack = new PackImporter(options, progress).run();
    PrintWriter print = spec.commandLine().getOut();
    print.println(
        json ? PackJson.of(pack) : out + ": " + pack.label() + ", digest " + pack.digest());
    print.flush();
    return 0;
  }
}
