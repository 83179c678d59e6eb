package io.innerspan.signals.pack;

import com.google.gson.stream.JsonWriter;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.Floats;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Threshold;
import io.innerspan.signals.TokenSelection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What every kind of probe has in a manifest, beside its golden activations. */
record ProbeParts(
    float bias,
    TokenSelection tokens,
    Calibration calibration,
    @Nullable Threshold threshold,
    String positiveLabel,
    String negativeLabel) {
  static ProbeParts read(SignalInput in) throws PackException {
    List<Threshold> thresholds = thresholds(in);
    String positive = "positive";
    String negative = "negative";
    if (in.fields().has("labels")) {
      Fields labels = in.fields().object("labels");
      positive = labels.text("positive");
      negative = labels.text("negative");
      in.tidy().check(labels);
    }
    return new ProbeParts(
        in.scalar("bias"),
        in.tokens(),
        Calibrations.read(in),
        thresholds.isEmpty() ? null : thresholds.get(0),
        positive,
        negative);
  }

  /** What is known of the probe beyond what runs. */
  static ProbeReport report(SignalInput in) {
    List<Threshold> thresholds = thresholds(in);
    return new ProbeReport(
        thresholds.subList(Math.min(1, thresholds.size()), thresholds.size()),
        Metrics.read("metrics", in.fields(), in.tidy()),
        Metrics.read("baselines", in.fields(), in.tidy()));
  }

  static void write(Probe probe, float bias, SignalOutput out) throws IOException {
    out.weights("bias", probe.id() + ".bias", Floats.of("bias", new float[] {bias}));
    out.tokens(probe.tokens());
    Calibrations.write(probe.calibration(), out);
    JsonWriter json = out.json().name("labels").beginObject();
    json.name("positive").value(probe.positiveLabel());
    json.name("negative").value(probe.negativeLabel()).endObject();
  }

  static void write(Probe probe, ProbeReport report, SignalOutput out) throws IOException {
    List<Threshold> thresholds = new ArrayList<>(report.otherThresholds());
    if (probe.threshold() != null) {
      thresholds.add(0, probe.threshold());
    }
    JsonWriter json = out.json().name("thresholds").beginArray();
    for (Threshold threshold : thresholds) {
      json.beginObject();
      out.number("score", threshold.score());
      out.number("target_fpr", threshold.targetFpr());
      Threshold.Certificate certificate = threshold.certificate();
      if (certificate != null) {
        json.name("n").value(certificate.n());
        out.number("fpr_upper_bound", certificate.fprUpperBound());
        out.number("confidence", certificate.confidence());
      }
      json.endObject();
    }
    json.endArray();
    Metrics.write("metrics", report.metrics(), json);
    Metrics.write("baselines", report.baselines(), json);
  }

  private static List<Threshold> thresholds(SignalInput in) {
    List<Threshold> thresholds = new ArrayList<>();
    for (Fields fields : in.fields().optionalObjects("thresholds")) {
      thresholds.add(
          fields.build(
              () ->
                  new Threshold(
                      fields.number("score"), fields.number("target_fpr"), certificate(fields))));
      in.tidy().check(fields);
    }
    return thresholds;
  }

  private static Threshold.@Nullable Certificate certificate(Fields fields) {
    if (!fields.has("n") && !fields.has("fpr_upper_bound") && !fields.has("confidence")) {
      return null;
    }
    return new Threshold.Certificate(
        fields.integer("n"), fields.number("fpr_upper_bound"), fields.number("confidence"));
  }
}
