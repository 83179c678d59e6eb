package io.innerspan.workbench;

import io.innerspan.signals.Pooling;
import io.innerspan.workbench.bench.BenchJson;
import io.innerspan.workbench.bench.BenchOptions;
import io.innerspan.workbench.bench.BenchResult;
import io.innerspan.workbench.bench.BenchText;
import io.innerspan.workbench.bench.ConceptBench;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.InputFile;
import io.innerspan.workbench.data.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code innerspan bench}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Small counterparts of AxBench's concept detection and of SAEBench on labelled texts: each"
          + " label is a concept, to be told from all others; half of each label's texts teach, the"
          + " others test.",
      "Published figures stand beside, labelled as not comparable where they are not, which is"
          + " everywhere as yet: other models and other concepts."
    })
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class BenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE.csv",
      description = "Labelled texts: CSV (RFC 4180, UTF-8) with a header.")
  private Path data;

  @Option(
      names = "--text-column",
      required = true,
      paramLabel = "C",
      description = "The column of texts.")
  private String text;

  @Option(
      names = "--label-column",
      required = true,
      paramLabel = "C",
      description = "The column of labels; of two labels the rarer one is the concept.")
  private String label;

  @Mixin private ModelOptions model;

  @Option(
      names = "--hook-point",
      paramLabel = "H",
      description = "Where to read; by default where the autoencoders do, or the middle layer.")
  private @Nullable String hookPoint;

  @Option(
      names = "--pooling",
      paramLabel = "P",
      defaultValue = "mean",
      description =
          "What of a text's tokens the probes see: mean, last or cls (default: ${DEFAULT-VALUE}).")
  private Pooling.Kind pooling;

  @Option(
      names = "--sae",
      paramLabel = "PACKS",
      description =
          "A pack with an autoencoder, or a folder of packs as 'sae train' writes it. Repeatable.")
  private List<Path> saes = List.of();

  @Option(
      names = "--least",
      paramLabel = "N",
      defaultValue = "20",
      description = "Labels of fewer texts are no concepts (default: ${DEFAULT-VALUE}).")
  private int least;

  @Option(
      names = "--loss-texts",
      paramLabel = "N",
      defaultValue = "200",
      description =
          "How many tested texts the loss of autoencoders is measured on; 0 for none (default:"
              + " ${DEFAULT-VALUE}).")
  private int lossTexts;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of halves, controls and resampling (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  private Pooling pooling() {
    return Pooling.PLAIN.stream()
        .filter(plain -> plain.kind() == pooling && plain.kind().ofActivations())
        .findFirst()
        .orElseThrow(
            () -> new BadInput("--pooling: expected mean, last or cls, found " + pooling.label()));
  }

  @Override
  public Integer call() throws IOException {
    if (least < 4) {
      throw new BadInput("--least: expected 4 or more, found " + least);
    }
    if (lossTexts < 0) {
      throw new BadInput("--loss-texts: expected 0 or more, found " + lossTexts);
    }
    InputFile.existing(model.tokenizer);
    BenchOptions options =
        new BenchOptions(
            data,
            text,
            label,
            model.file,
            model.tokenizer,
            hookPoint,
            pooling(),
            saes,
            least,
            lossTexts,
            seed);
    BenchResult result = new ConceptBench(options, new Progress(spec.commandLine().getErr())).run();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(BenchJson.of(result));
      out.flush();
    } else {
      BenchText.print(result, out);
    }
    return 0;
  }
}
