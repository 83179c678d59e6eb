package io.innerspan.signals.pack;

import com.google.gson.stream.JsonWriter;
import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Mlp;
import io.innerspan.signals.MlpProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Signal;
import io.innerspan.signals.Threshold;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes the manifest {@code probe.json}: fixed order of fields, two spaces, a last newline. */
final class ManifestWriter {
  static final String SCHEMA_VERSION = "1.0";

  private final JsonWriter json;

  private ManifestWriter(JsonWriter json) {
    this.json = json;
  }

  static byte[] toBytes(ProbePack pack, Map<String, byte[]> files) {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      json.setIndent("  ");
      json.setHtmlSafe(false);
      json.setSerializeNulls(false);
      new ManifestWriter(json).write(pack, files);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail to be written", e);
    }
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private void write(ProbePack pack, Map<String, byte[]> files) throws IOException {
    json.beginObject();
    json.name("schema_version").value(SCHEMA_VERSION);
    json.name("name").value(pack.name());
    json.name("version").value(pack.version());
    json.name("licence").value(pack.licence());
    json.name("description").value(pack.description());
    writeModel(pack.model());
    if (pack.tokenizer() != null) {
      json.name("tokenizer").beginObject();
      json.name("sha256").value(pack.tokenizer().sha256()).endObject();
    }
    writeFiles(files);
    json.name("signals").beginArray();
    for (Signal signal : pack.signals()) {
      writeSignal(signal, pack.report(signal.id()));
    }
    json.endArray();
    writeGoldenInputs(pack.goldenInputs());
    if (pack.trainingData() != null) {
      writeTrainingData(pack.trainingData());
    }
    writeMetrics("evaluation", pack.evaluation());
    json.endObject();
  }

  private void writeModel(ModelIdentity model) throws IOException {
    json.name("model").beginObject();
    json.name("name").value(model.name());
    json.name("sha256").value(model.sha256());
    json.name("structure").value(model.structure());
    json.endObject();
  }

  private void writeFiles(Map<String, byte[]> files) throws IOException {
    json.name("files").beginObject();
    for (Map.Entry<String, byte[]> file : new TreeMap<>(files).entrySet()) {
      json.name(file.getKey()).beginObject();
      json.name("sha256").value(Sha256.hex(file.getValue()));
      json.name("size").value(file.getValue().length).endObject();
    }
    json.endObject();
  }

  private void writeSignal(Signal signal, ProbeReport report) throws IOException {
    json.beginObject();
    json.name("id").value(signal.id());
    json.name("kind").value(kind(signal));
    json.name("hook_point").value(signal.hookPoint().name());
    if (signal instanceof Probe probe) {
      writeProbe(probe, report);
    }
    json.endObject();
  }

  private static String kind(Signal signal) {
    if (signal instanceof LinearProbe) {
      return "linear_probe";
    }
    if (signal instanceof MlpProbe) {
      return "mlp_probe";
    }
    return signal instanceof AttentionProbe ? "attention_probe" : "activation_norm";
  }

  private void writeProbe(Probe probe, ProbeReport report) throws IOException {
    String id = probe.id();
    if (probe instanceof AttentionProbe attention) {
      writeAttention(attention);
    } else {
      LinearProbe linear = probe instanceof MlpProbe mlp ? mlp.readout() : (LinearProbe) probe;
      if (probe instanceof MlpProbe mlp) {
        writeMlp(id, mlp.mlp());
      }
      json.name("pooling").beginObject();
      writePooling(linear.pooling());
      json.endObject();
      writeTensor("weight", PackImage.WEIGHTS, PackImage.weight(id));
    }
    writeTensor("bias", PackImage.WEIGHTS, PackImage.bias(id));
    json.name("special_tokens").value("include");
    writeCalibration(probe.calibration());
    writeThresholds(probe, report);
    json.name("labels").beginObject();
    json.name("positive").value(probe.positiveLabel());
    json.name("negative").value(probe.negativeLabel()).endObject();
    json.name("golden").beginObject();
    writeTensor("x", PackImage.GOLDEN, PackImage.goldenX(id));
    writeTensor("logit", PackImage.GOLDEN, PackImage.goldenLogit(id));
    json.endObject();
    writeMetrics("metrics", report.metrics());
    writeMetrics("baselines", report.baselines());
  }

  private void writeAttention(AttentionProbe probe) throws IOException {
    if (probe.mlp() != null) {
      writeMlp(probe.id(), probe.mlp());
    }
    json.name("rule").beginObject();
    json.name("kind").value(probe.rule().kind().label());
    if (probe.rule().window() > 0) {
      json.name("window").value(probe.rule().window());
    }
    json.endObject();
    if (probe.query().length > 0) {
      writeTensor("query", PackImage.WEIGHTS, PackImage.query(probe.id()));
    }
    writeTensor("value", PackImage.WEIGHTS, PackImage.value(probe.id()));
  }

  private void writeMlp(String id, Mlp mlp) throws IOException {
    json.name("mlp").beginArray();
    for (int layer = 0; layer < mlp.layers().size(); layer++) {
      json.beginObject();
      writeTensor("weight", PackImage.WEIGHTS, PackImage.mlpWeight(id, layer));
      writeTensor("bias", PackImage.WEIGHTS, PackImage.mlpBias(id, layer));
      json.endObject();
    }
    json.endArray();
  }

  private void writePooling(Pooling pooling) throws IOException {
    json.name("kind").value(pooling.kind().label());
    if (pooling.kind().parameter() != null) {
      double parameter = pooling.parameter();
      boolean whole = parameter == Math.rint(parameter);
      json.name(pooling.kind().parameter());
      json.value(whole ? (Number) (long) parameter : Numbers.shortest(parameter));
    }
  }

  private void writeCalibration(Calibration calibration) throws IOException {
    json.name("calibration").beginObject();
    if (calibration instanceof Calibration.Temperature temperature) {
      json.name("kind").value("temperature");
      json.name("t").value(Numbers.shortest(temperature.t()));
    } else if (calibration instanceof Calibration.Platt platt) {
      json.name("kind").value("platt");
      json.name("a").value(Numbers.shortest(platt.a()));
      json.name("b").value(Numbers.shortest(platt.b()));
    } else {
      json.name("kind").value("none");
    }
    json.endObject();
  }

  private void writeThresholds(Probe probe, ProbeReport report) throws IOException {
    List<Threshold> thresholds = new ArrayList<>(report.otherThresholds());
    if (probe.threshold() != null) {
      thresholds.add(0, probe.threshold());
    }
    json.name("thresholds").beginArray();
    for (Threshold threshold : thresholds) {
      json.beginObject();
      json.name("score").value(Numbers.shortest(threshold.score()));
      json.name("target_fpr").value(Numbers.shortest(threshold.targetFpr()));
      Threshold.Certificate certificate = threshold.certificate();
      if (certificate != null) {
        json.name("n").value(certificate.n());
        json.name("fpr_upper_bound").value(Numbers.shortest(certificate.fprUpperBound()));
        json.name("confidence").value(Numbers.shortest(certificate.confidence()));
      }
      json.endObject();
    }
    json.endArray();
  }

  private void writeGoldenInputs(List<GoldenInput> inputs) throws IOException {
    json.name("golden_inputs").beginArray();
    for (int i = 0; i < inputs.size(); i++) {
      json.beginObject().name("inputs").beginObject();
      for (String name : inputs.get(i).inputs().keySet()) {
        writeTensor(name, PackImage.GOLDEN, PackImage.goldenInput(i, name));
      }
      json.endObject().name("logits").beginObject();
      for (String id : inputs.get(i).logits().keySet()) {
        writeTensor(id, PackImage.GOLDEN, PackImage.goldenInputLogit(i, id));
      }
      json.endObject().endObject();
    }
    json.endArray();
  }

  private void writeTrainingData(TrainingData data) throws IOException {
    json.name("training_data").beginObject();
    json.name("sha256").value(data.sha256());
    json.name("rows").value(data.rows());
    json.name("description").value(data.description());
    json.endObject();
  }

  private void writeMetrics(String name, Map<String, Metric> metrics) throws IOException {
    json.name(name).beginObject();
    for (Map.Entry<String, Metric> metric : metrics.entrySet()) {
      json.name(metric.getKey()).beginObject();
      json.name("value").value(Numbers.shortest(metric.getValue().value()));
      json.name("low").value(Numbers.shortest(metric.getValue().low()));
      json.name("high").value(Numbers.shortest(metric.getValue().high()));
      json.endObject();
    }
    json.endObject();
  }

  private void writeTensor(String field, String file, String tensor) throws IOException {
    json.name(field).beginObject();
    json.name("file").value(file).name("tensor").value(tensor).endObject();
  }
}
