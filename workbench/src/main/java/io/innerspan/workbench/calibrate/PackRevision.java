package io.innerspan.workbench.calibrate;

import io.innerspan.signals.Probe;
import io.innerspan.signals.Signal;
import io.innerspan.signals.monitor.Monitors;
import io.innerspan.signals.pack.Canary;
import io.innerspan.signals.pack.GoldenActivation;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.Metric;
import io.innerspan.signals.pack.PackBuilder;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.pack.ProbeReport;
import io.innerspan.signals.pack.SeenData;
import io.innerspan.signals.pack.TrainingData;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.data.Groups;
import io.innerspan.workbench.data.LabelledText;
import io.innerspan.workbench.stats.Interval;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** A pack that there is, with some of its parts replaced. */
final class PackRevision {
  private final ProbePack pack;
  private final List<Signal> signals;
  private final List<GoldenInput> goldenInputs;
  private final Map<String, ProbeReport> reports;
  private List<Canary> canaries;
  private @Nullable TrainingData trainingData;
  private Monitors monitors;

  PackRevision(ProbePack pack) {
    this.pack = pack;
    signals = new ArrayList<>(pack.signals());
    goldenInputs = new ArrayList<>(pack.goldenInputs());
    reports = new HashMap<>(pack.reports());
    trainingData = pack.trainingData();
    monitors = pack.monitors();
    canaries = pack.canaries();
  }

  List<Signal> signals() {
    return List.copyOf(signals);
  }

  /** The SHA-256 of the model. */
  String model() {
    return pack.model().sha256();
  }

  /** A probe's scores, and what is known of them instead of what was known of those before. */
  void scores(CalibratedScores scores) {
    Probe probe = scores.probe();
    signals.replaceAll(signal -> signal.id().equals(probe.id()) ? probe : signal);
    ProbeReport report = pack.report(probe.id());
    Map<String, Metric> metrics = new TreeMap<>(report.metrics());
    metrics.keySet().removeIf(PackRevision::isOfScores);
    metrics.put("ece", metric(scores.eceAfter()));
    metrics.put("brier", metric(scores.brierAfter()));
    reports.put(probe.id(), new ProbeReport(scores.others(), metrics, report.baselines()));
  }

  private static boolean isOfScores(String metric) {
    return metric.equals("ece") || metric.equals("brier") || metric.contains("at_threshold");
  }

  private static Metric metric(Interval interval) {
    return new Metric(interval.value(), interval.low(), interval.high());
  }

  /** Adds what the calibration has seen to what training has, so that evaluations leave it out. */
  void seen(List<LabelledText> rows, TrainingData data) {
    TrainingData trained = trainingData;
    SeenData before = trained == null ? null : trained.seen();
    String salt = before == null ? Digests.salt(data.sha256()) : before.salt();
    SeenData own =
        SeenData.of(salt, rows.stream().map(LabelledText::text).toList(), Groups.named(rows));
    SeenData all =
        before == null
            ? own
            : new SeenData(
                salt, union(before.texts(), own.texts()), union(before.groups(), own.groups()));
    trainingData =
        trained == null
            ? new TrainingData(
                data.sha256(),
                rows.size(),
                "calibrated with " + data.description() + "; what it was trained on is not known",
                all)
            : new TrainingData(trained.sha256(), trained.rows(), trained.description(), all);
  }

  private static Tensor union(Tensor one, Tensor other) {
    return Tensor.ofLongs(
        LongStream.concat(LongStream.of(one.toLongs()), LongStream.of(other.toLongs()))
            .sorted()
            .distinct()
            .toArray());
  }

  /** Another signal with its golden values. */
  void add(Signal signal, GoldenInput golden) {
    signals.add(signal);
    goldenInputs.add(golden);
  }

  void monitors(Monitors others) {
    monitors = others;
  }

  void canaries(List<Canary> others) {
    canaries = List.copyOf(others);
  }

  /**
   * The new pack.
   *
   * @param version its version, or null for the next patch
   * @throws IllegalArgumentException when the parts do not fit together
   */
  ProbePack build(@Nullable String version) {
    PackBuilder builder =
        ProbePack.builder(
            pack.name(),
            version == null ? next(pack.version()) : version,
            pack.licence(),
            pack.model());
    if (pack.description() != null) {
      builder.description(pack.description());
    }
    if (pack.tokenizer() != null) {
      builder.tokenizer(pack.tokenizer());
    }
    if (trainingData != null) {
      builder.trainingData(trainingData);
    }
    for (Signal signal : signals) {
      if (signal instanceof Probe probe) {
        GoldenActivation golden = pack.goldenActivation(probe.id());
        builder.probe(probe, golden.x(), golden.logit());
      } else {
        builder.signal(signal);
      }
    }
    pack.sampling().forEach(builder::sampling);
    goldenInputs.forEach(builder::goldenInput);
    canaries.forEach(builder::canary);
    reports.forEach(builder::report);
    pack.evaluation().forEach(builder::evaluation);
    return builder.monitors(monitors).build();
  }

  /** 1.2.3 becomes 1.2.4; a pre-release becomes the release. */
  static String next(String version) {
    String release = version.replaceFirst("[-+].*$", "");
    if (version.contains("-")) {
      return release;
    }
    int dot = release.lastIndexOf('.');
    return release.substring(0, dot + 1) + (Long.parseLong(release.substring(dot + 1)) + 1);
  }
}
