package io.innerspan.signals.pack;

import com.google.gson.stream.JsonWriter;
import io.innerspan.signals.safetensors.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Canaries in the manifest. */
final class CanariesFormat {
  private static final String FIELD = "canaries";

  static List<Canary> read(Fields root, Tidy tidy, TensorMaps tensors) throws PackException {
    List<Canary> canaries = new ArrayList<>();
    for (Fields entry : root.optionalObjects(FIELD)) {
      String id = entry.text("id");
      CanaryKind kind =
          SignalInput.constant(
              entry.at("kind"), entry.text("kind"), CanaryKind.values(), CanaryKind::label);
      Map<String, Tensor> inputs = tensors.read("inputs", entry);
      Map<String, GoldenInput> readings = new TreeMap<>();
      if (entry.has("readings")) {
        for (Map.Entry<String, Fields> reading : entry.map("readings").entrySet()) {
          Map<String, Tensor> logits = tensors.read("logits", reading.getValue());
          Map<String, Tensor> values = tensors.read("values", reading.getValue());
          tidy.check(reading.getValue());
          readings.put(
              reading.getKey(),
              reading.getValue().build(() -> new GoldenInput(inputs, logits, values)));
        }
      }
      tidy.check(entry);
      canaries.add(entry.build(() -> new Canary(id, kind, inputs, readings)));
    }
    return canaries;
  }

  /** Nothing where there are none. */
  static void write(List<Canary> canaries, JsonWriter json, TensorWriter tensors)
      throws IOException {
    if (canaries.isEmpty()) {
      return;
    }
    json.name(FIELD).beginArray();
    for (Canary canary : canaries) {
      String prefix = "canary." + canary.id() + ".";
      json.beginObject();
      json.name("id").value(canary.id());
      json.name("kind").value(canary.kind().label());
      tensors.write("inputs", prefix + "input.", canary.inputs());
      if (!canary.readings().isEmpty()) {
        json.name("readings").beginObject();
        for (Map.Entry<String, GoldenInput> reading : canary.readings().entrySet()) {
          String of = prefix + reading.getKey() + ".";
          json.name(reading.getKey()).beginObject();
          tensors.write("logits", of + "logit.", reading.getValue().logits());
          tensors.write("values", of + "values.", reading.getValue().values());
          json.endObject();
        }
        json.endObject();
      }
      json.endObject();
    }
    json.endArray();
  }

  /** Reads the tensors that an object of the manifest names. */
  interface TensorMaps {
    Map<String, Tensor> read(String name, Fields parent) throws PackException;
  }

  /** Writes tensors, and an object that names them; nothing where there are none. */
  interface TensorWriter {
    void write(String name, String prefix, Map<String, Tensor> tensors) throws IOException;
  }

  private CanariesFormat() {}
}
