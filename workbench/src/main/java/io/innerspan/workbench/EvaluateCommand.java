package io.innerspan.workbench;

import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.InputFile;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.evaluate.EvaluateOptions;
import io.innerspan.workbench.evaluate.EvaluationHtml;
import io.innerspan.workbench.evaluate.EvaluationJson;
import io.innerspan.workbench.evaluate.EvaluationReport;
import io.innerspan.workbench.evaluate.EvaluationText;
import io.innerspan.workbench.evaluate.Evaluator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code innerspan evaluate}. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures a pack's probe on labelled texts beside the baselines that it must beat.",
      "Rows and groups that the pack has seen in training (it holds salted digests), or that are in"
          + " --train, are left out and counted. Baselines learn from --train; without it from the"
          + " tested data crosswise, in five folds of whole groups: they then"
          + " know its source, which the probe need not.",
      "Thresholds for TPR at 0.1 %% and 1 %% FPR come from --benign; without it from half of the"
          + " tested benign groups, and false positives are then counted in the other half.",
      "Exit code 3 with --gate unless the lower end of the 95 %% interval of the AUROC difference"
          + " exceeds 0 for the best baseline and every other; a tie does not pass, nor do fewer"
          + " than 20 groups of positive or of other rows."
    })
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class EvaluateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--pack",
      required = true,
      paramLabel = "PACK",
      description = "The pack: a folder or a zip.")
  private Path pack;

  @Option(
      names = "--probe",
      paramLabel = "ID",
      description = "Which of the pack's probes; needed when it has several.")
  private @Nullable String probe;

  @Mixin private ModelOptions model;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE.csv",
      description = "Labelled texts to test on: CSV (RFC 4180, UTF-8) with a header.")
  private Path data;

  @Mixin private DataOptions columns;

  @Option(
      names = "--train",
      paramLabel = "TRAIN.csv",
      description =
          "Labelled texts for the baselines to learn from, with the same columns; name another"
              + " source than that of --data to test across sources.")
  private @Nullable Path train;

  @Option(
      names = "--benign",
      paramLabel = "BENIGN.csv",
      description = "Separate benign texts to take thresholds from, with the same text column.")
  private @Nullable Path benign;

  @Option(
      names = "--slice-column",
      paramLabel = "C",
      description = "Tell false positives by this column's values. Repeatable.")
  private List<String> slices = List.of();

  @Option(
      names = "--source-column",
      paramLabel = "C",
      description = "Also test each of this column's sources by what the other sources teach.")
  private @Nullable String source;

  @Option(
      names = "--keep-duplicates",
      description = "Let a text that repeats count as often as it is there; without it once.")
  private boolean keepDuplicates;

  @Option(
      names = "--by-layer",
      description = "Also learn a probe at every layer, and draw its accuracy.")
  private boolean byLayer;

  @Option(
      names = "--latency-texts",
      paramLabel = "N",
      defaultValue = "50",
      description = "How many texts to time; 0 for none (default: ${DEFAULT-VALUE}).")
  private int latencyTexts;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of folds, halves and resampling (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--gate",
      description = "End with exit code 3 unless the probe beats every baseline.")
  private boolean gate;

  @Option(
      names = {"--html", "--report"},
      paramLabel = "FILE",
      description = "Also write a report as one HTML file that needs no network.")
  private @Nullable Path html;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (latencyTexts < 0) {
      throw new BadInput("--latency-texts: expected a number from 0 on, found " + latencyTexts);
    }
    if (html != null) {
      InputFile.writable(html);
    }
    EvaluateOptions options =
        new EvaluateOptions(
            pack,
            probe,
            model.file,
            model.tokenizer,
            data,
            new EvaluateOptions.Columns(
                columns.text, columns.label, columns.positive, columns.group),
            train,
            benign,
            slices,
            source,
            keepDuplicates,
            byLayer,
            latencyTexts,
            seed);
    Progress progress = new Progress(spec.commandLine().getErr());
    EvaluationReport report = new Evaluator(options, progress).run();
    if (json) {
      spec.commandLine().getOut().println(EvaluationJson.of(report));
      spec.commandLine().getOut().flush();
    } else {
      EvaluationText.print(report, spec.commandLine().getOut());
    }
    if (html != null) {
      Files.writeString(html, EvaluationHtml.of(report));
    }
    if (gate && !report.passes()) {
      progress.say("innerspan: gate: " + report.gateReason());
      return Failures.GATE;
    }
    return 0;
  }
}
