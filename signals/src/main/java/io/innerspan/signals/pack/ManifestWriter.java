package io.innerspan.signals.pack;

import com.google.gson.stream.JsonWriter;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Signal;
import io.innerspan.signals.safetensors.SafetensorsWriter;
import io.innerspan.signals.safetensors.Tensor;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the manifest {@code probe.json}: fixed order of fields, two spaces, a last newline. The
 * list of files comes last, when everything that they hold is known.
 */
final class ManifestWriter {
  static final String SCHEMA_VERSION = "1.0";

  private final JsonWriter json;
  private final SignalOutput out;

  ManifestWriter(JsonWriter json) {
    this.json = json;
    this.out = new SignalOutput(json);
  }

  /** Writes the manifest; the result is the other files. */
  Map<String, byte[]> write(ProbePack pack) throws IOException {
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
    json.name("signals").beginArray();
    for (Signal signal : pack.signals()) {
      writeSignal(signal, pack);
    }
    json.endArray();
    writeGoldenInputs(pack);
    CanariesFormat.write(pack.canaries(), json, this::writeTensors);
    if (pack.trainingData() != null) {
      writeTrainingData(pack.trainingData());
    }
    Metrics.write("evaluation", pack.evaluation(), json);
    MonitorsFormat.write(pack.monitors(), json);
    Map<String, byte[]> files = files();
    writeFiles(files);
    json.endObject();
    return files;
  }

  private void writeModel(ModelIdentity model) throws IOException {
    json.name("model").beginObject();
    json.name("name").value(model.name());
    json.name("sha256").value(model.sha256());
    json.name("structure").value(model.structure());
    json.endObject();
  }

  private void writeSignal(Signal signal, ProbePack pack) throws IOException {
    String id = signal.id();
    SignalFormat<?> format = SignalFormats.of(signal);
    json.beginObject();
    json.name("id").value(id);
    json.name("kind").value(format.kind());
    format.writeAny(signal, out);
    if (pack.sampling(id) != Sampling.AUTO) {
      json.name("sampling").value(pack.sampling(id).label());
    }
    if (signal instanceof Probe probe) {
      GoldenActivation golden = pack.goldenActivation(id);
      json.name("golden").beginObject();
      out.golden("x", id + ".golden.x", golden.x());
      out.golden("logit", id + ".golden.logit", golden.logit());
      json.endObject();
      ProbeParts.write(probe, pack.report(id), out);
    }
    json.endObject();
  }

  private void writeGoldenInputs(ProbePack pack) throws IOException {
    json.name("golden_inputs").beginArray();
    for (int i = 0; i < pack.goldenInputs().size(); i++) {
      GoldenInput input = pack.goldenInputs().get(i);
      json.beginObject();
      writeTensors("inputs", "golden." + i + ".input.", input.inputs());
      writeTensors("logits", "golden." + i + ".logit.", input.logits());
      writeTensors("values", "golden." + i + ".values.", input.values());
      json.endObject();
    }
    json.endArray();
  }

  /** Nothing where there are none. */
  private void writeTensors(String name, String prefix, Map<String, Tensor> tensors)
      throws IOException {
    if (!tensors.isEmpty()) {
      json.name(name).beginObject();
      for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
        out.golden(tensor.getKey(), prefix + tensor.getKey(), tensor.getValue());
      }
      json.endObject();
    }
  }

  private void writeTrainingData(TrainingData data) throws IOException {
    json.name("training_data").beginObject();
    json.name("sha256").value(data.sha256());
    json.name("rows").value(data.rows());
    json.name("description").value(data.description());
    if (data.seen() != null) {
      json.name("seen").beginObject();
      json.name("salt").value(data.seen().salt());
      out.seen("texts", data.seen().texts());
      out.seen("groups", data.seen().groups());
      json.endObject();
    }
    json.endObject();
  }

  private Map<String, byte[]> files() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    put(files, PackImage.WEIGHTS, out.weights());
    put(files, PackImage.GOLDEN, out.golden());
    put(files, PackImage.SEEN, out.seen());
    files.putAll(out.files());
    return files;
  }

  private static void put(Map<String, byte[]> files, String name, Map<String, Tensor> tensors) {
    if (!tensors.isEmpty()) {
      files.put(name, SafetensorsWriter.toBytes(tensors, Map.of()));
    }
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
}
