package io.innerspan.workbench.calibrate;

import io.innerspan.signals.PopulationDistance;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Reading;
import io.innerspan.signals.Signal;
import io.innerspan.signals.drift.Baseline;
import io.innerspan.signals.monitor.DriftMonitor;
import io.innerspan.signals.monitor.Monitors;
import io.innerspan.signals.monitor.SignalBaseline;
import io.innerspan.signals.pack.PackException;
import io.innerspan.signals.pack.PackReader;
import io.innerspan.signals.pack.PackWriter;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.pack.TrainingData;
import io.innerspan.workbench.calibrate.CalibrateOptions.Method;
import io.innerspan.workbench.calibrate.CalibrateOptions.Scores;
import io.innerspan.workbench.calibrate.CalibrateOptions.Traffic;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.data.InputFile;
import io.innerspan.workbench.data.LabelledText;
import io.innerspan.workbench.data.LabelledTexts;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.evaluate.Exclusion;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.PackCheck;
import io.innerspan.workbench.model.TextTokenizer;
import io.innerspan.workbench.model.TokenIds;
import io.innerspan.workbench.store.StoreText;
import io.innerspan.workbench.store.TextFile;
import io.innerspan.workbench.store.TextSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Calibrates the scores of a pack's probe and records what its signals give while all is well. */
public final class PackCalibrator {
  private final CalibrateOptions options;
  private final Progress progress;

  /**
   * @param options what is calibrated
   * @param progress where to tell how far it is
   */
  public PackCalibrator(CalibrateOptions options, Progress progress) {
    this.options = options;
    this.progress = progress;
  }

  /**
   * Calibrates and writes a new pack.
   *
   * @throws BadInput when something that the user gave cannot be used
   */
  public Calibrated run() throws IOException {
    InputFile.emptyDirectory(options.out());
    ProbePack pack = read();
    Labelled labelled = labelled(pack);
    List<String> traffic = traffic();
    PackCheck.checkTokenizer(pack, options.tokenizer());
    List<String> faults = PackCheck.on(options.model()).faults(pack);
    if (!faults.isEmpty()) {
      throw new BadInput(faults.get(0));
    }
    OnnxTextModel model = OnnxTextModel.open(options.model());
    PackRevision revision = new PackRevision(pack);
    CalibratedScores scores = null;
    BaselineMaker baselines = null;
    try (TextTokenizer tokenizer = TextTokenizer.open(options.tokenizer())) {
      if (labelled != null) {
        scores = scores(model, tokenizer, labelled);
        revision.scores(scores);
        revision.seen(labelled.left().rows(), data(labelled.options()));
      }
      Traffic wanted = options.traffic();
      if (wanted != null) {
        baselines = baselines(model, tokenizer, wanted, traffic, revision);
      }
    }
    DriftMonitor monitor = baselines == null ? null : baselines.monitor();
    List<SignalBaseline> made = baselines == null ? List.of() : baselines.baselines();
    checkStale(pack, scores, made);
    revision.monitors(monitors(pack, monitor, made));
    try {
      ProbePack written = PackWriter.write(options.out(), revision.build(options.version()));
      return new Calibrated(
          pack.digest(),
          written,
          scores,
          made,
          baselines == null ? Map.of() : baselines.skipped(),
          monitor);
    } catch (PackException | IllegalArgumentException e) {
      throw new BadInput(options.pack() + ": " + e.getMessage());
    }
  }

  /** The labelled rows, and the probe that they are for. */
  private record Labelled(Scores options, Probe probe, Exclusion left) {}

  private ProbePack read() {
    try {
      return PackReader.read(options.pack());
    } catch (PackException e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    }
  }

  private @Nullable Labelled labelled(ProbePack pack) {
    Scores wanted = options.scores();
    if (wanted == null) {
      return null;
    }
    List<LabelledText> rows =
        LabelledTexts.read(
            wanted.data(),
            wanted.textColumn(),
            wanted.labelColumn(),
            wanted.positive(),
            wanted.groupColumn());
    TrainingData trained = pack.trainingData();
    Exclusion left = Exclusion.of(rows, List.of(), trained == null ? null : trained.seen());
    if (left.rows().isEmpty()) {
      throw BadInput.in(wanted.data(), "rows that the pack has not seen", "none of " + rows.size());
    }
    return new Labelled(wanted, probe(pack, wanted), left);
  }

  private Probe probe(ProbePack pack, Scores wanted) {
    List<String> ids = pack.probes().stream().map(Probe::id).toList();
    String id = wanted.probe();
    if (id == null && ids.size() == 1) {
      return pack.probes().get(0);
    }
    if (id == null) {
      throw BadInput.in(
          options.pack(), ids.isEmpty() ? "a probe" : "--probe, one of " + ids, "none");
    }
    return pack.probes().stream()
        .filter(probe -> probe.id().equals(id))
        .findFirst()
        .orElseThrow(() -> BadInput.in(options.pack(), "a probe '" + id + "'", "" + ids));
  }

  private List<String> traffic() throws IOException {
    Traffic wanted = options.traffic();
    List<String> texts = new ArrayList<>();
    if (wanted == null) {
      return texts;
    }
    try (TextSource source =
        TextSource.open(new TextFile(wanted.data(), wanted.textColumn(), null, null))) {
      for (StoreText text = source.next(); text != null; text = source.next()) {
        if (!text.text().isBlank()) {
          texts.add(text.text());
        }
      }
    }
    if (texts.size() < Baseline.MIN_COUNT) {
      throw BadInput.in(
          wanted.data(), "at least " + Baseline.MIN_COUNT + " texts", "" + texts.size());
    }
    return texts;
  }

  private CalibratedScores scores(OnnxTextModel model, TextTokenizer tokenizer, Labelled labelled) {
    List<LabelledText> rows = labelled.left().rows();
    List<TokenIds> tokens = rows.stream().map(row -> tokenizer.encode(row.text())).toList();
    double[] logits =
        model
            .readings(
                List.of(labelled.probe()), tokens, progress.count("labelled texts", rows.size()))
            .texts()
            .stream()
            .mapToDouble(reading -> reading.logit(0, 0))
            .toArray();
    Scoring scoring = Scoring.of(rows, logits);
    return new ScoreCalibrator(labelled.options(), labelled.probe(), scoring, options.seed())
        .run(labelled.left().byPack(), rows.size() - scoring.size());
  }

  private TrainingData data(Scores of) throws IOException {
    return new TrainingData(Digests.sha256(of.data()), 1, String.valueOf(of.data().getFileName()));
  }

  private BaselineMaker baselines(
      OnnxTextModel model,
      TextTokenizer tokenizer,
      Traffic wanted,
      List<String> texts,
      PackRevision revision)
      throws IOException {
    List<TokenIds> tokens = texts.stream().map(tokenizer::encode).toList();
    if (wanted.distance() != null) {
      DistanceMaker distance = new DistanceMaker(model, wanted, progress);
      PopulationDistance made = distance.fit(tokens, revision.signals());
      revision.add(made, distance.golden(made, tokens));
    }
    List<Signal> signals = revision.signals();
    List<Reading> readings =
        model.readings(signals, tokens, progress.count("traffic", tokens.size())).texts();
    BaselineMaker maker = new BaselineMaker(wanted, revision.model());
    maker.read(signals, readings);
    maker.skipped().forEach((value, why) -> progress.say("  no baseline of " + value + ": " + why));
    maker
        .withoutCharts()
        .forEach(
            id ->
                progress.say(
                    "  no chart of "
                        + id
                        + ": "
                        + texts.size()
                        + " texts are too few to tell drift from chance; give thousands, or another"
                        + " --drift-method"));
    return maker;
  }

  private static Monitors monitors(
      ProbePack pack, @Nullable DriftMonitor monitor, List<SignalBaseline> made) {
    return monitor == null
        ? pack.monitors()
        : pack.monitors().with(List.of(monitor), made, List.of());
  }

  /** A baseline of scores that are calibrated otherwise now would find drift at once. */
  private void checkStale(
      ProbePack pack, @Nullable CalibratedScores scores, List<SignalBaseline> made) {
    if (scores == null || scores.method() == Method.KEEP) {
      return;
    }
    List<String> anew = made.stream().map(SignalBaseline::id).toList();
    for (SignalBaseline baseline : pack.monitors().baselines()) {
      String value = baseline.value().value();
      boolean stale =
          baseline.value().signal().equals(scores.probe().id())
              && (value == null || value.equals("score"));
      if (stale && !anew.contains(baseline.id())) {
        throw BadInput.in(
            options.pack(),
            "no baseline of the scores as they were, or --traffic that makes it anew",
            "the baseline '" + baseline.id() + "'");
      }
    }
  }
}
