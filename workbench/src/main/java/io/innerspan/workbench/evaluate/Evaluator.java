package io.innerspan.workbench.evaluate;

import io.innerspan.signals.Calibration;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.data.Folds;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.ProbeLatency;
import io.innerspan.workbench.model.TextTokenizer;
import io.innerspan.workbench.model.TokenIds;
import io.innerspan.workbench.stats.Auroc;
import io.innerspan.workbench.stats.AveragePrecision;
import io.innerspan.workbench.stats.CalibrationCurve;
import io.innerspan.workbench.stats.CalibrationError;
import io.innerspan.workbench.stats.GroupBootstrap;
import io.innerspan.workbench.stats.Interval;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** Measures a pack's probe beside baselines on rows that neither has seen. */
public final class Evaluator {
  /** The false-positive rates at which a probe's finds are told. */
  private static final double[] RATES = {0.001, 0.01};

  private final EvaluateOptions options;
  private final Progress progress;

  /**
   * @param options what to measure on what
   * @param progress where to tell how far it is
   */
  public Evaluator(EvaluateOptions options, Progress progress) {
    this.options = options;
    this.progress = progress;
  }

  /**
   * Measures.
   *
   * @throws BadInput when something that the user gave cannot be used
   */
  public EvaluationReport run() throws IOException {
    EvaluationInputs inputs = EvaluationInputs.open(options);
    try (TextTokenizer tokenizer = TextTokenizer.open(options.tokenizer())) {
      return measure(inputs, tokenizer);
    }
  }

  private EvaluationReport measure(EvaluationInputs inputs, TextTokenizer tokenizer)
      throws IOException {
    SampleReader reader = new SampleReader(inputs.model(), tokenizer, inputs.probe(), progress);
    Sample test = reader.read(inputs.data().rows(), "tested texts");
    checkBothLabels(test);
    final int silent = reader.silent();
    Sample train = inputs.train() == null ? null : reader.read(inputs.train(), "training texts");
    Sample benign = inputs.benign() == null ? null : reader.read(inputs.benign(), "benign texts");
    long seed = options.seed();
    Learning learning =
        train == null ? Learning.crosswise(test, seed) : Learning.from(train, test, seed);
    GroupBootstrap bootstrap = new GroupBootstrap(test.groups(), seed);
    boolean[] positive = test.positive();
    Auroc auroc = new Auroc(test.logits(), positive);
    AveragePrecision precision = new AveragePrecision(test.logits(), positive);
    BenignRows benignRows = BenignRows.of(test, benign, seed);
    InForce inForce = InForce.of(inputs.probe(), test, benignRows);
    return new EvaluationReport(
        inputs.pack(),
        inputs.probe(),
        data(inputs, test, silent, train, learning),
        bootstrap.interval(auroc::weighted),
        bootstrap.interval(precision::weighted),
        Curves.of(test.logits(), positive),
        DoubleStream.of(RATES)
            .mapToObj(rate -> OperatingPoint.at(rate, test, benignRows, bootstrap))
            .toList(),
        inForce,
        inForce.byLength(test),
        slices(inputs, test, inForce),
        calibration(inputs.probe().calibration(), test, bootstrap),
        latency(inputs, tokenizer, test),
        baselines(learning, test, auroc, bootstrap),
        options.byLayer()
            ? new LayerCurve(
                    inputs.model(), tokenizer, SampleReader.pooling(inputs.probe()), progress)
                .of(train, test, seed)
            : List.of(),
        sources(inputs, test));
  }

  private EvaluationReport.Data data(
      EvaluationInputs inputs, Sample test, int silent, @Nullable Sample train, Learning learning)
      throws IOException {
    return new EvaluationReport.Data(
        name(options.data()),
        Digests.sha256(options.data()),
        inputs.table().records().size(),
        test.count(true),
        test.count(false),
        (int) test.groups().stream().distinct().count(),
        (int) Folds.groups(test.groups(), test.positive(), true),
        (int) Folds.groups(test.groups(), test.positive(), false),
        inputs.data(),
        silent,
        options.train() == null ? null : name(options.train()),
        train == null ? 0 : train.size(),
        learning.folds(),
        options.benign() == null ? null : name(options.benign()));
  }

  private List<BaselineResult> baselines(
      Learning learning, Sample test, Auroc probe, GroupBootstrap bootstrap) {
    List<BaselineResult> results = new ArrayList<>();
    for (Baseline baseline : learning.applicable()) {
      progress.say("  baseline: " + baseline.title());
      Draws draws = Draws.of(baseline, learning, test.positive());
      results.add(
          new BaselineResult(
              baseline.key(),
              baseline.title(),
              bootstrap.interval(draws::auroc),
              bootstrap.interval(draws::precision),
              bootstrap.interval(times -> probe.weighted(times) - draws.auroc(times)),
              Curves.of(draws.middle(), test.positive()),
              draws.aurocs()));
    }
    return results;
  }

  private Map<String, List<InForce.Bucket>> slices(
      EvaluationInputs inputs, Sample test, InForce inForce) {
    Map<String, List<InForce.Bucket>> slices = new LinkedHashMap<>();
    for (String column : options.slices()) {
      slices.put(column, inForce.byValue(EvaluationInputs.byValue(inputs.table(), column, test)));
    }
    return slices;
  }

  private List<CrossSource.Source> sources(EvaluationInputs inputs, Sample test) {
    if (options.source() == null) {
      return List.of();
    }
    progress.say("  each source by what the others teach");
    return CrossSource.of(
        test, EvaluationInputs.byValue(inputs.table(), options.source(), test), options.seed());
  }

  private static EvaluationReport.Calibrated calibration(
      Calibration calibration, Sample test, GroupBootstrap bootstrap) {
    double[] score = DoubleStream.of(test.logits()).map(calibration::score).toArray();
    boolean[] positive = test.positive();
    Interval ece = bootstrap.interval(times -> CalibrationError.expected(score, positive, times));
    Interval brier = bootstrap.interval(times -> CalibrationError.brier(score, positive, times));
    return new EvaluationReport.Calibrated(ece, brier, CalibrationCurve.of(score, positive));
  }

  private @Nullable ProbeLatency latency(
      EvaluationInputs inputs, TextTokenizer tokenizer, Sample test) {
    if (options.latencyTexts() == 0) {
      return null;
    }
    // Spread over the data, so that all lengths take part.
    int texts = Math.min(options.latencyTexts(), test.size());
    List<TokenIds> timed = new ArrayList<>();
    for (int i = 0; i < texts; i++) {
      int row = (int) ((long) i * test.size() / texts);
      timed.add(tokenizer.encode(test.rows().get(row).text()));
    }
    progress.say("  timing " + texts + " texts");
    return inputs.model().latency(inputs.probe(), timed);
  }

  private void checkBothLabels(Sample test) {
    if (test.count(true) == 0 || test.count(false) == 0) {
      throw BadInput.in(
          options.data(),
          "rows of both labels of which the probe gives a reading",
          test.count(true) + " positive and " + test.count(false) + " other ones");
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
