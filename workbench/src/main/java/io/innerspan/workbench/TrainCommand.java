package io.innerspan.workbench;

import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.pack.Metric;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.train.PackTrainer;
import io.innerspan.workbench.train.TrainOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code innerspan train}. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Trains a linear probe on a model's activations and writes it as a probe pack.",
      "The data are split by group into training, validation (layer, pooling, regularisation),"
          + " calibration (calibration and a certified threshold) and test. The pack's README holds"
          + " every number measured, with baselines."
    })
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class TrainCommand implements Callable<Integer> {
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9_]{0,63}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  private static final Pattern VERSION =
      Pattern.compile("\\d+\\.\\d+\\.\\d+(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?");

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
  private String textColumn;

  @Option(
      names = "--label-column",
      required = true,
      paramLabel = "C",
      description = "The column of labels.")
  private String labelColumn;

  @Option(
      names = "--positive",
      required = true,
      paramLabel = "LABEL",
      description = "The label that the probe is to find; all others count as benign.")
  private String positive;

  @Option(
      names = "--group-column",
      paramLabel = "C",
      description =
          "The column of template families, which are never split over parts; an empty cell is a family of one.")
  private @Nullable String groupColumn;

  @Option(names = "--model", required = true, paramLabel = "M.onnx", description = "The model.")
  private Path model;

  @Option(
      names = "--tokenizer",
      required = true,
      paramLabel = "tokenizer.json",
      description = "The model's tokenizer.")
  private Path tokenizer;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "PACK",
      description = "The pack's folder: absent or empty.")
  private Path out;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "The probe's id, [a-z][a-z0-9_]*; by default made of the positive label.")
  private @Nullable String id;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The pack's name; by default made of the id.")
  private @Nullable String name;

  @Option(
      names = "--pack-version",
      paramLabel = "V",
      defaultValue = "1.0.0",
      description = "The pack's semantic version (default: ${DEFAULT-VALUE}).")
  private String packVersion;

  @Option(
      names = "--licence",
      paramLabel = "SPDX",
      defaultValue = "NOASSERTION",
      description = "The pack's licence (default: ${DEFAULT-VALUE}).")
  private String licence;

  @Option(
      names = "--target-fpr",
      paramLabel = "RATE",
      defaultValue = "0.01",
      description =
          "The false-positive rate to certify the threshold for (default: ${DEFAULT-VALUE}).")
  private double targetFpr;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the split and the resampling (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--test-out",
      paramLabel = "FILE.csv",
      description = "Also write the test part with its scores.")
  private @Nullable Path testOut;

  @Override
  public Integer call() throws IOException {
    Progress progress = new Progress(spec.commandLine().getErr());
    ProbePack pack = new PackTrainer(options(), progress).run();
    summarise(pack);
    return 0;
  }

  private TrainOptions options() {
    String probe =
        id == null ? positive.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_") : id;
    check("--id", ID, probe);
    String packName = name == null ? probe.replace('_', '-') : name;
    check("--name", NAME, packName);
    if (!VERSION.matcher(packVersion).matches()) {
      throw new BadInput(
          "--pack-version: expected a semantic version such as 1.0.0, found '" + packVersion + "'");
    }
    if (!(targetFpr > 0 && targetFpr < 1)) {
      throw new BadInput("--target-fpr: expected a rate between 0 and 1, found " + targetFpr);
    }
    return new TrainOptions(
        data,
        textColumn,
        labelColumn,
        positive,
        groupColumn,
        model,
        tokenizer,
        out,
        probe,
        packName,
        packVersion,
        licence,
        seed,
        targetFpr,
        testOut,
        false,
        null);
  }

  private static void check(String option, Pattern expected, String actual) {
    if (!expected.matcher(actual).matches()) {
      throw new BadInput(option + ": expected " + expected + ", found '" + actual + "'");
    }
  }

  private void summarise(ProbePack pack) {
    PrintWriter print = spec.commandLine().getOut();
    LinearProbe probe = (LinearProbe) pack.probes().get(0); // Nothing else is trained.
    print.println(out + ": " + pack.label() + ", digest " + pack.digest());
    print.println(
        "  probe " + probe.id() + " at " + probe.hookPoint() + ", " + probe.pooling() + " pooling");
    pack.report(probe.id()).metrics().forEach((key, metric) -> metric(print, key, metric));
    pack.report(probe.id())
        .baselines()
        .forEach(
            (key, metric) -> {
              if (key.endsWith("_auroc")) {
                metric(print, key, metric);
              }
            });
    if (probe.threshold() == null) {
      print.println("  no threshold: too few independent benign rows; see the pack's README.md");
    }
    print.flush();
  }

  private static void metric(PrintWriter print, String name, Metric metric) {
    print.println(
        metric.low() == metric.high()
            ? String.format(Locale.ROOT, "  %-32s %s", name, exact(metric.value()))
            : String.format(
                Locale.ROOT,
                "  %-32s %.4f [%.4f, %.4f]",
                name,
                metric.value(),
                metric.low(),
                metric.high()));
  }

  private static String exact(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.4f", value);
  }
}
