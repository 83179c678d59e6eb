package io.innerspan.workbench;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.drift.DriftMethod;
import io.innerspan.signals.monitor.Severity;
import io.innerspan.workbench.calibrate.CalibrateOptions;
import io.innerspan.workbench.calibrate.Calibrated;
import io.innerspan.workbench.calibrate.CalibrationText;
import io.innerspan.workbench.calibrate.PackCalibrator;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code innerspan calibrate}. */
@Command(
    name = "calibrate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Makes of a pack one whose scores are probabilities for labelled data (--data), and which"
          + " knows what its signals give while all is well (--traffic), so that drift is found.",
      "The weights stay as they are. Rows that the pack has seen are left out and counted. With"
          + " --data scores are calibrated and thresholds taken from the benign rows; with --traffic"
          + " baselines and a drift monitor are written. At least one of both is needed."
    })
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class CalibrateCommand implements Callable<Integer> {
  private static final long MOST_WINDOW = 1_000_000;

  @Spec private CommandSpec spec;

  @Option(names = "--pack", required = true, paramLabel = "PACK", description = "The pack.")
  private Path pack;

  @Mixin private ModelOptions model;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "PACK",
      description = "The new pack's folder: absent or empty.")
  private Path out;

  @Option(
      names = "--pack-version",
      paramLabel = "V",
      description = "The new pack's semantic version (default: the next patch version).")
  private @Nullable String version;

  @Option(
      names = "--data",
      paramLabel = "FILE.csv",
      description = "Labelled texts to calibrate scores by: CSV (RFC 4180, UTF-8) with a header.")
  private @Nullable Path data;

  @Option(names = "--text-column", paramLabel = "C", description = "The column of texts.")
  private @Nullable String text;

  @Option(names = "--label-column", paramLabel = "C", description = "The column of labels.")
  private @Nullable String label;

  @Option(
      names = "--positive",
      paramLabel = "LABEL",
      description = "The label that the probe is to find; all others count as benign.")
  private @Nullable String positive;

  @Option(
      names = "--group-column",
      paramLabel = "C",
      description = "The column of template families; an empty cell is a family of one.")
  private @Nullable String group;

  @Option(
      names = "--probe",
      paramLabel = "ID",
      description = "The probe to calibrate; needed when the pack has several.")
  private @Nullable String probe;

  @Option(
      names = "--method",
      paramLabel = "M",
      defaultValue = "platt",
      description =
          "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}): how logits become scores; keep"
              + " leaves them and takes thresholds only.")
  private CalibrateOptions.Method method;

  @Option(
      names = "--positive-share",
      paramLabel = "S",
      description = "The share of positives to calibrate to (default: that of the data).")
  private @Nullable Double share;

  @Option(
      names = "--target-fpr",
      paramLabel = "RATE",
      description =
          "The false-positive rate of a threshold. Repeatable: the first is the probe's own"
              + " (default: that of its threshold now, or 0.01).")
  private List<Double> rates = List.of();

  @Option(
      names = "--threshold",
      paramLabel = "P",
      defaultValue = "conformal",
      description =
          "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}): conformal holds the rate on average,"
              + " certified with 95 %% confidence, which needs more benign rows.")
  private CalibrateOptions.Promise promise;

  @Option(
      names = "--traffic",
      paramLabel = "FILE",
      description =
          "Texts in the order in which they came while all was well: .csv, .jsonl, or one per line.")
  private @Nullable Path traffic;

  @Option(
      names = "--traffic-column",
      paramLabel = "C",
      description = "Its column of texts (default: --text-column).")
  private @Nullable String trafficColumn;

  @Option(
      names = "--baseline",
      paramLabel = "SIGNAL[.VALUE]",
      description =
          "A value to record. Repeatable (default: every probe's logit and the first value of other"
              + " signals).")
  private List<String> baselines = List.of();

  @Option(
      names = "--monitor",
      paramLabel = "ID",
      defaultValue = "drift",
      description = "The drift monitor over all of them (default: ${DEFAULT-VALUE}).")
  private String monitor;

  @Option(
      names = "--drift-method",
      paramLabel = "M",
      description =
          "${COMPLETION-CANDIDATES} (default: cusum). Repeatable; mahalanobis looks at all values"
              + " together.")
  private List<DriftMethod> methods = List.of(DriftMethod.CUSUM);

  @Option(
      names = "--window",
      paramLabel = "N",
      defaultValue = "2000",
      description = "The readings of a window, for methods but cusum (default: ${DEFAULT-VALUE}).")
  private long window;

  @Option(
      names = "--severity",
      paramLabel = "S",
      defaultValue = "medium",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Severity severity;

  @Option(
      names = "--distance",
      paramLabel = "H",
      description =
          "Also add a signal 'distance': the squared Mahalanobis distance of a text's mean activation"
              + " at this hook point from the traffic.")
  private @Nullable String distance;

  @Option(
      names = "--distance-rank",
      paramLabel = "N",
      defaultValue = "32",
      description = "How many directions it knows the variance of (default: ${DEFAULT-VALUE}).")
  private int rank;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the folds and the resampling (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (data == null && traffic == null) {
      throw new BadInput("calibrate: expected --data, --traffic or both, found neither");
    }
    Progress progress = new Progress(spec.commandLine().getErr());
    Calibrated done =
        new PackCalibrator(
                new CalibrateOptions(
                    pack,
                    model.file,
                    model.tokenizer,
                    out,
                    version == null ? null : NameOptions.version(version),
                    seed,
                    scores(),
                    traffic()),
                progress)
            .run();
    if (json) {
      spec.commandLine().getOut().println(CalibrationText.json(done));
      spec.commandLine().getOut().flush();
    } else {
      CalibrationText.print(done, spec.commandLine().getOut());
    }
    return 0;
  }

  private CalibrateOptions.@Nullable Scores scores() {
    if (data == null) {
      return null;
    }
    if (text == null || label == null || positive == null) {
      throw new BadInput(
          "--data: expected --text-column, --label-column and --positive, found not all of them");
    }
    if (share != null && !(share > 0 && share < 1)) {
      throw new BadInput("--positive-share: expected a share between 0 and 1, found " + share);
    }
    for (double rate : rates) {
      if (!(rate > 0 && rate < 1)) {
        throw new BadInput("--target-fpr: expected a rate between 0 and 1, found " + rate);
      }
    }
    return new CalibrateOptions.Scores(
        data, text, label, positive, group, probe, method, share, new ArrayList<>(rates), promise);
  }

  private CalibrateOptions.@Nullable Traffic traffic() {
    if (traffic == null) {
      return null;
    }
    if (window < 2 || window > MOST_WINDOW) {
      throw new BadInput("--window: expected a number from 2 to 1000000, found " + window);
    }
    if (rank < 1 || rank > 256) {
      throw new BadInput("--distance-rank: expected a number from 1 to 256, found " + rank);
    }
    String name = traffic.toString();
    boolean table = name.endsWith(".csv") || name.endsWith(".jsonl") || name.endsWith(".ndjson");
    String column = trafficColumn == null && table ? text : trafficColumn;
    return new CalibrateOptions.Traffic(
        traffic,
        column,
        baselines,
        NameOptions.id("--monitor", monitor),
        EnumSet.copyOf(methods),
        window,
        severity,
        place(),
        rank);
  }

  private @Nullable HookPoint place() {
    try {
      return distance == null ? null : new HookPoint(distance);
    } catch (InvalidValueException e) {
      throw new BadInput("--distance: expected " + e.expected() + ", found " + e.actual());
    }
  }
}
