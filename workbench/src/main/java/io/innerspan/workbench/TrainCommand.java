package io.innerspan.workbench;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Probe;
import io.innerspan.signals.pack.Metric;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.pack.Sampling;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.learn.Learner;
import io.innerspan.workbench.model.LayerSite;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.TextModel;
import io.innerspan.workbench.packs.PackJson;
import io.innerspan.workbench.packs.PackText;
import io.innerspan.workbench.store.StoreSettings;
import io.innerspan.workbench.torch.TorchTextModel;
import io.innerspan.workbench.train.LearnOptions;
import io.innerspan.workbench.train.PackTrainer;
import io.innerspan.workbench.train.Places;
import io.innerspan.workbench.train.PoolingName;
import io.innerspan.workbench.train.TrainOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code innerspan train}. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Trains a probe on a model's activations and writes it as a probe pack.",
      "The data are split by group into training, validation (place, pooling, regularisation),"
          + " calibration (calibration and a certified threshold) and test. The pack's README holds"
          + " every number measured, with baselines."
    })
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class TrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE.csv",
      description = "Labelled texts: CSV (RFC 4180, UTF-8) with a header.")
  private Path data;

  @Mixin private DataOptions columns;

  @Mixin private ModelOptions model;

  @Mixin private EngineOptions engine;

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

  @Mixin private NameOptions names;

  @Option(
      names = "--target-fpr",
      paramLabel = "RATE",
      defaultValue = "0.01",
      description =
          "The false-positive rate to certify the threshold for (default: ${DEFAULT-VALUE}).")
  private double targetFpr;

  @Option(
      names = "--sampling",
      paramLabel = "S",
      defaultValue = "auto",
      description =
          "auto, or always: the agent is to compute the probe for every inference, whatever it costs;"
              + " else it may leave some out (default: ${DEFAULT-VALUE}).")
  private Sampling sampling;

  @Option(
      names = "--learner",
      paramLabel = "L",
      description =
          "One of ${COMPLETION-CANDIDATES} (default: logistic). Repeatable: the choice is among all.")
  private List<Learner> learners = LearnOptions.DEFAULT.learners();

  @Option(
      names = "--site",
      paramLabel = "S",
      description =
          "One of ${COMPLETION-CANDIDATES}: where in every layer probes are tried (default:"
              + " resid_post, a layer's output; with --store all that it holds). Repeatable.")
  private List<LayerSite> sites = List.of();

  @Option(
      names = "--hook-point",
      paramLabel = "H",
      description =
          "A place to try besides --site: a name that 'inspect' shows, a tensor's, or with --engine djl"
              + " a module's or block's path. Repeatable.")
  private List<String> hookPoints = List.of();

  @Option(
      names = "--pooling",
      paramLabel = "P",
      description =
          "mean, cls, last, max, top_k_mean[=k], rolling_max[=window], softmax[=temperature] or"
              + " ema[=alpha] (default: the first four). Repeatable. Heads pool themselves.")
  private List<String> poolings = List.of();

  @Option(
      names = "--store",
      paramLabel = "DIR",
      description =
          "Read activations from what 'capture --store' wrote of the same texts, model and tokenizer"
              + " instead of running the model; it is run for golden inputs only.")
  private @Nullable Path store;

  @Option(
      names = "--class-weights",
      paramLabel = "W",
      defaultValue = "none",
      description =
          "${COMPLETION-CANDIDATES}: balanced weighs both labels' rows the same in sum, in logistic"
              + " regression and networks (default: ${DEFAULT-VALUE}).")
  private ClassWeights classWeights;

  @Option(
      names = "--folds",
      paramLabel = "K",
      defaultValue = "1",
      description =
          "Choose crosswise over K folds of the training and validation part instead of on the"
              + " validation part (default: ${DEFAULT-VALUE}).")
  private int folds;

  @Option(
      names = "--keep-duplicates",
      description =
          "Let a text that repeats count as often as it is there; without it once. Copies are never in"
              + " two parts.")
  private boolean keepDuplicates;

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

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  /** How rows weigh in logistic regression. */
  enum ClassWeights {
    NONE,
    BALANCED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public Integer call() throws IOException {
    Progress progress = new Progress(spec.commandLine().getErr());
    StoreSettings stored = store == null ? null : StoreSettings.of(store);
    boolean djl = djl(stored);
    ProbePack pack =
        new PackTrainer(options(djl), progress)
            .run(djl ? file -> torch(file, stored) : OnnxTextModel::open);
    if (json) {
      spec.commandLine().getOut().println(PackJson.of(pack));
      spec.commandLine().getOut().flush();
    } else {
      summarise(pack);
    }
    return 0;
  }

  /** What the store was captured with, unless it is said. */
  private boolean djl(@Nullable StoreSettings stored) {
    boolean captured = stored != null && stored.djl();
    boolean djl = engine.djl(captured);
    if (store != null && stored != null && djl != captured) {
      throw BadInput.in(
          store,
          "a store of --engine " + (djl ? "djl" : "onnxruntime"),
          "one of " + stored.engine());
    }
    return djl;
  }

  private TextModel torch(Path file, @Nullable StoreSettings stored) throws IOException {
    List<String> places = new ArrayList<>(hookPoints);
    if (stored != null && places.isEmpty()) {
      places.addAll(stored.hookPoints());
    }
    return TorchTextModel.open(
        file, engine.inputNames, places.stream().map(HookPoint::new).toList());
  }

  private List<String> engineWords(boolean djl) {
    List<String> words = new ArrayList<>();
    if (djl) {
      words.addAll(List.of("--engine", "djl"));
    }
    if (!engine.inputNames.isEmpty()) {
      words.addAll(List.of("--input-names", String.join(",", engine.inputNames)));
    }
    return words;
  }

  private TrainOptions options(boolean djl) {
    String probe =
        id == null ? columns.positive.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_") : id;
    if (!(targetFpr > 0 && targetFpr < 1)) {
      throw new BadInput("--target-fpr: expected a rate between 0 and 1, found " + targetFpr);
    }
    if (folds < 1 || folds > 100) {
      throw new BadInput("--folds: expected a number from 1 to 100, found " + folds);
    }
    return new TrainOptions(
        data,
        columns.text,
        columns.label,
        columns.positive,
        columns.group,
        model.file,
        model.tokenizer,
        out,
        NameOptions.id(probe),
        names.name(probe),
        names.version(),
        names.licence,
        seed,
        targetFpr,
        testOut,
        sampling == Sampling.ALWAYS,
        null,
        engineWords(djl),
        learning());
  }

  private LearnOptions learning() {
    for (String hookPoint : hookPoints) {
      if (!HookPoint.isName(hookPoint)) {
        throw new BadInput("--hook-point: expected a name, found '" + hookPoint + "'");
      }
    }
    return new LearnOptions(
        learners,
        new Places(sites, hookPoints.stream().map(HookPoint::new).toList(), store),
        poolings.isEmpty()
            ? LearnOptions.DEFAULT.poolings()
            : poolings.stream().map(PoolingName::parse).toList(),
        classWeights == ClassWeights.BALANCED,
        folds,
        keepDuplicates);
  }

  private void summarise(ProbePack pack) {
    PrintWriter print = spec.commandLine().getOut();
    Probe probe = pack.probes().get(0); // Nothing else is trained.
    print.println(out + ": " + pack.label() + ", digest " + pack.digest());
    print.println("  " + PackText.line(probe));
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
