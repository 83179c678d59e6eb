package io.innerspan.workbench.train;

import io.innerspan.signals.pack.Metric;
import io.innerspan.signals.pack.ModelIdentity;
import io.innerspan.signals.pack.PackBuilder;
import io.innerspan.signals.pack.PackException;
import io.innerspan.signals.pack.PackWriter;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.pack.ProbeReport;
import io.innerspan.signals.pack.Sampling;
import io.innerspan.signals.pack.SeenData;
import io.innerspan.signals.pack.TokenizerIdentity;
import io.innerspan.signals.pack.TrainingData;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.data.Part;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.TextModel;
import io.innerspan.workbench.stats.Evaluation;
import io.innerspan.workbench.stats.Interval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes what training found out: the pack, its README, and the scored test part. */
final class PackOutput {
  private final TrainOptions options;
  private final Progress progress;

  PackOutput(TrainOptions options, Progress progress) {
    this.options = options;
    this.progress = progress;
  }

  ProbePack write(TextModel model, Trained trained) throws IOException {
    GoldenCases golden =
        new GoldenCases(model, trained.probe(), trained.part(Part.TRAIN), progress);
    String dataDigest = Digests.sha256(options.data());
    PackBuilder builder =
        ProbePack.builder(
                options.name(),
                options.version(),
                options.licence(),
                new ModelIdentity(
                    modelName(options.model()), model.sha256(), model.structureDigest()))
            .description(
                String.format(
                    Locale.ROOT,
                    "How strongly the model's activations say '%s' rather than '%s'.",
                    trained.probe().positiveLabel(),
                    trained.probe().negativeLabel()))
            .tokenizer(new TokenizerIdentity(Digests.sha256(options.tokenizer())))
            .trainingData(
                new TrainingData(
                    dataDigest,
                    trained.rows(),
                    String.valueOf(options.data().getFileName()),
                    seen(trained, dataDigest)))
            .probe(trained.probe(), golden.x(), golden.logit())
            .report(trained.probe().id(), report(trained));
    if (options.always()) {
      builder.sampling(trained.probe().id(), Sampling.ALWAYS);
    }
    golden.inputs().forEach(builder::goldenInput);
    ProbePack pack;
    try {
      pack = PackWriter.write(options.out(), builder.build());
    } catch (PackException e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    }
    Files.writeString(
        options.out().resolve("README.md"), new PackReadme(options, trained, dataDigest).text());
    Path testOut = options.testOut();
    if (testOut != null) {
      TestPartCsv.write(testOut, trained);
    }
    return pack;
  }

  /** What was fitted to, which is all but the test part. */
  private static SeenData seen(Trained trained, String dataDigest) {
    List<String> texts = new ArrayList<>();
    for (Part part : List.of(Part.TRAIN, Part.VALIDATION, Part.CALIBRATION)) {
      texts.addAll(trained.part(part).texts());
    }
    return SeenData.of(Digests.salt(dataDigest), texts, trained.seenGroups());
  }

  private static ProbeReport report(Trained trained) {
    Map<String, Metric> metrics = metrics("", trained.result());
    put(metrics, "auroc_minus_best_baseline", trained.toBest().difference());
    put(metrics, "auroc_minus_best_text_baseline", trained.toBestText().difference());
    for (Part part : Part.values()) {
      metrics.put(part.label() + "_positive_rows", Metric.exact(trained.part(part).count(true)));
      metrics.put(part.label() + "_other_rows", Metric.exact(trained.part(part).count(false)));
    }
    Map<String, Metric> baselines = new LinkedHashMap<>();
    trained.baselines().forEach(method -> baselines.putAll(metrics(method.key() + "_", method)));
    return new ProbeReport(List.of(), metrics, baselines);
  }

  private static Map<String, Metric> metrics(String prefix, Method method) {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    Evaluation evaluation = method.evaluation();
    put(metrics, prefix + "auroc", evaluation.auroc());
    put(metrics, prefix + "tpr_at_threshold", evaluation.truePositiveRate());
    put(metrics, prefix + "fpr_at_threshold", evaluation.falsePositiveRate());
    Double bound = method.falsePositiveBound();
    if (bound != null) {
      metrics.put(prefix + "fpr_at_threshold_upper_bound", Metric.exact(bound));
    }
    put(metrics, prefix + "ece", evaluation.ece());
    put(metrics, prefix + "brier", evaluation.brier());
    return metrics;
  }

  private static void put(Map<String, Metric> metrics, String name, @Nullable Interval interval) {
    if (interval != null && Double.isFinite(interval.value()) && Double.isFinite(interval.low())) {
      metrics.put(name, new Metric(interval.value(), interval.low(), interval.high()));
    }
  }

  /** The file's name without its ending, in the letters that a manifest allows. */
  private static String modelName(Path model) {
    String name = String.valueOf(model.getFileName()).replaceFirst("\\.[A-Za-z]+$", "");
    String allowed = name.replaceAll("[^A-Za-z0-9._-]", "-").replaceFirst("^[._-]+", "");
    String nonEmpty = allowed.isEmpty() ? "model" : allowed;
    return nonEmpty.substring(0, Math.min(100, nonEmpty.length()));
  }
}
