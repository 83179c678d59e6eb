package io.innerspan.workbench.train;

import io.innerspan.signals.Calibration;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Threshold;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.reference.ReferenceProbe;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.GroupSplitter;
import io.innerspan.workbench.data.InputFile;
import io.innerspan.workbench.data.LabelledText;
import io.innerspan.workbench.data.LabelledTexts;
import io.innerspan.workbench.data.Part;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.data.Split;
import io.innerspan.workbench.learn.TextBaselines;
import io.innerspan.workbench.learn.TextScorer;
import io.innerspan.workbench.model.TextModel;
import io.innerspan.workbench.model.TextTokenizer;
import io.innerspan.workbench.stats.Auroc;
import io.innerspan.workbench.stats.CertifiedThreshold;
import io.innerspan.workbench.stats.Evaluation;
import io.innerspan.workbench.stats.GroupBootstrap;
import io.innerspan.workbench.stats.Interval;
import io.innerspan.workbench.stats.PlattScaling;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Trains a probe, measures it against baselines, and writes it as a pack. */
public final class PackTrainer {
  private static final Map<Part, Double> SHARES =
      Map.of(Part.TRAIN, 0.45, Part.VALIDATION, 0.11, Part.CALIBRATION, 0.22, Part.TEST, 0.22);
  private static final double[] TF_IDF_STRENGTHS = {0.1, 1, 10, 100};

  private final TrainOptions options;
  private final Progress progress;

  /**
   * @param options what to train from
   * @param progress where to tell how far it is
   */
  public PackTrainer(TrainOptions options, Progress progress) {
    this.options = options;
    this.progress = progress;
  }

  /**
   * Trains and writes the pack.
   *
   * @return the pack as it was read back
   * @throws BadInput when something that the user gave cannot be used
   */
  public ProbePack run() throws IOException {
    InputFile.emptyDirectory(options.out());
    List<LabelledText> rows =
        LabelledTexts.read(
            options.data(),
            options.textColumn(),
            options.labelColumn(),
            options.positive(),
            options.groupColumn());
    Split split = new GroupSplitter(SHARES, options.seed()).split(rows, options.data().toString());
    TextModel model = TextModel.open(options.model());
    Map<Part, PartData> parts = new EnumMap<>(Part.class);
    int maxTokens;
    try (TextTokenizer tokenizer = TextTokenizer.open(options.tokenizer())) {
      maxTokens = tokenizer.maxTokens();
      for (Part part : Part.values()) {
        parts.put(part, PartData.of(split.rows(part), tokenizer));
      }
    }
    progress.say(
        "%d texts in %d groups; at most %d tokens of each"
            .formatted(rows.size(), split.groups(), maxTokens));
    Trained trained = train(model, parts, split.groups(), maxTokens);
    return new PackOutput(options, progress).write(model, trained);
  }

  private Trained train(TextModel model, Map<Part, PartData> parts, int groups, int maxTokens)
      throws IOException {
    PartData train = at(parts, Part.TRAIN);
    PartData validation = at(parts, Part.VALIDATION);
    PartData calibration = at(parts, Part.CALIBRATION);
    PartData test = at(parts, Part.TEST);
    ProbeSearch search = new ProbeSearch(model, train, validation, progress);
    search.run();
    List<Candidate> ranked = search.ranked();
    Candidate chosen = ranked.get(0);
    progress.say(
        "chosen on the validation part: %s, %s pooling"
            .formatted(chosen.hookPoint(), chosen.pooling()));

    String other = otherLabel(train);
    LinearProbe raw = chosen.probe(options.id(), options.positive(), other);
    LinearProbe means = search.differenceOfMeans().probe("means", options.positive(), other);
    List<LinearProbe> probes = List.of(raw, means);
    double[][] calibrating = logits(model, probes, calibration, "calibration texts");
    double[][] testing = logits(model, probes, test, "test texts");

    GroupBootstrap bootstrap = new GroupBootstrap(test.groups(), options.seed());
    Method result =
        Method.evaluate(
            "probe",
            "**this probe**",
            new Method.Scores(calibration, calibrating[0]),
            new Method.Scores(test, testing[0]),
            options.targetFpr(),
            bootstrap);
    List<Method> baselines =
        List.of(
            baseline(
                "tf_idf",
                "TF-IDF + logistic regression",
                tfIdf(train, validation),
                parts,
                bootstrap),
            baseline(
                "length_only",
                "length only",
                TextBaselines.length(train.texts(), train.positive()),
                parts,
                bootstrap),
            Method.evaluate(
                "difference_of_means",
                "difference of means",
                new Method.Scores(calibration, calibrating[1]),
                new Method.Scores(test, testing[1]),
                options.targetFpr(),
                bootstrap));
    Method best =
        baselines.stream()
            .max(Comparator.comparingDouble(method -> method.evaluation().auroc().value()))
            .orElseThrow();
    Interval difference =
        Evaluation.aurocDifference(
            result.testLogits(), best.testLogits(), test.positive(), bootstrap);
    LinearProbe probe = finished(raw, result);
    return new Trained(
        probe,
        chosen,
        ranked.size(),
        parts,
        groups,
        maxTokens,
        result,
        baselines,
        best,
        difference);
  }

  private Method baseline(
      String key,
      String title,
      TextScorer scorer,
      Map<Part, PartData> parts,
      GroupBootstrap bootstrap) {
    PartData calibration = at(parts, Part.CALIBRATION);
    PartData test = at(parts, Part.TEST);
    return Method.evaluate(
        key,
        title,
        new Method.Scores(calibration, logits(scorer, calibration)),
        new Method.Scores(test, logits(scorer, test)),
        options.targetFpr(),
        bootstrap);
  }

  /** TF-IDF with the strength that does best on the validation part, as for the probe. */
  private static TextScorer tfIdf(PartData train, PartData validation) {
    return TextBaselines.tfIdf(train.texts(), train.positive(), TF_IDF_STRENGTHS).stream()
        .max(
            Comparator.comparingDouble(
                scorer -> Auroc.of(logits(scorer, validation), validation.positive())))
        .orElseThrow();
  }

  private static double[] logits(TextScorer scorer, PartData part) {
    return part.texts().stream().mapToDouble(scorer::logit).toArray();
  }

  /** The reference's logits of probes, {@code [probes][rows]}. */
  private double[][] logits(TextModel model, List<LinearProbe> probes, PartData part, String what)
      throws IOException {
    double[][] logits = new double[probes.size()][part.size()];
    model.visit(
        part.tokens(),
        probes.stream().map(LinearProbe::hookPoint).distinct().toList(),
        progress.count(what, part.size()),
        (text, activations) -> {
          for (int p = 0; p < logits.length; p++) {
            LinearProbe probe = probes.get(p);
            int at =
                probes.stream()
                    .map(LinearProbe::hookPoint)
                    .distinct()
                    .toList()
                    .indexOf(probe.hookPoint());
            boolean[] real = new boolean[activations.get(at).length];
            Arrays.fill(real, true);
            logits[p][text] = ReferenceProbe.logit(probe, activations.get(at), real);
          }
        });
    return logits;
  }

  private static LinearProbe finished(LinearProbe raw, Method result) {
    PlattScaling platt = result.platt();
    // A probe that knows nothing may slope downwards; a calibration must not turn it over.
    Calibration calibration =
        platt.a() > 0 ? new Calibration.Platt(platt.a(), platt.b()) : new Calibration.None();
    CertifiedThreshold certified = result.threshold();
    Double logit = certified.logit();
    Threshold threshold =
        logit == null
            ? null
            : new Threshold(
                calibration.score(logit),
                certified.rate(),
                new Threshold.Certificate(
                    certified.units(), certified.upperBound(), CertifiedThreshold.CONFIDENCE));
    return new LinearProbe(
        raw.id(),
        raw.hookPoint(),
        raw.pooling(),
        raw.weight(),
        raw.bias(),
        calibration,
        threshold,
        raw.positiveLabel(),
        raw.negativeLabel());
  }

  /** The other label if there is one only. */
  private String otherLabel(PartData train) {
    TreeSet<String> labels = new TreeSet<>();
    train.rows().forEach(row -> labels.add(row.label()));
    labels.remove(options.positive());
    return labels.size() == 1 ? labels.first() : "not_" + options.positive();
  }

  private static PartData at(Map<Part, PartData> parts, Part part) {
    PartData data = parts.get(part);
    if (data == null) {
      throw new IllegalStateException("no part " + part);
    }
    return data;
  }
}
