package io.innerspan.signals.pack;

import com.google.gson.stream.JsonWriter;
import io.innerspan.signals.Floats;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Position;
import io.innerspan.signals.Sae;
import io.innerspan.signals.TokenSelection;
import io.innerspan.signals.safetensors.Tensor;
import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What signals are written to: the manifest's JSON, and the files that it will name. */
final class SignalOutput {
  private final JsonWriter json;
  private final Map<String, Tensor> weights = new LinkedHashMap<>();
  private final Map<String, Tensor> golden = new LinkedHashMap<>();
  private final Map<String, Tensor> seen = new LinkedHashMap<>();
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final Map<Sae, String> saes = new IdentityHashMap<>();

  SignalOutput(JsonWriter json) {
    this.json = json;
  }

  JsonWriter json() {
    return json;
  }

  /** The tensors of {@link PackImage#WEIGHTS} so far. */
  Map<String, Tensor> weights() {
    return weights;
  }

  /** The tensors of {@link PackImage#GOLDEN} so far. */
  Map<String, Tensor> golden() {
    return golden;
  }

  /** The tensors of {@link PackImage#SEEN} so far. */
  Map<String, Tensor> seen() {
    return seen;
  }

  /** The other files so far. */
  Map<String, byte[]> files() {
    return files;
  }

  /** By autoencoder, the id of the signal that wrote it: two signals may share one. */
  Map<Sae, String> saes() {
    return saes;
  }

  void number(String name, double value) throws IOException {
    json.name(name).value(Numbers.json(value));
  }

  void hookPoint(HookPoint hookPoint) throws IOException {
    json.name("hook_point").value(hookPoint.name());
  }

  void tokens(TokenSelection tokens) throws IOException {
    mask(tokens.allReal());
    json.name("special_tokens");
    if (tokens.isAll()) {
      json.value("include");
      return;
    }
    json.beginObject().name("exclude_ids").beginArray();
    for (long id : tokens.excludedIds()) {
      json.value(id);
    }
    json.endArray().endObject();
  }

  private void mask(boolean allReal) throws IOException {
    if (allReal) {
      json.name("mask").value("none");
    }
  }

  void position(Position position) throws IOException {
    mask(position.allReal());
    json.name("position").beginObject();
    switch (position.kind()) {
      case FIRST -> json.name("kind").value("first");
      case LAST -> json.name("kind").value("last");
      case TOKEN_ID -> {
        json.name("kind").value("token_id");
        json.name("token_id").value(position.tokenId());
      }
    }
    json.endObject();
  }

  void texts(String name, List<String> texts) throws IOException {
    json.name(name).beginArray();
    for (String text : texts) {
      json.value(text);
    }
    json.endArray();
  }

  void weights(String field, String tensor, Floats values, long... shape) throws IOException {
    weights.put(tensor, Tensor.ofFloats(values.buffer(), shape));
    reference(field, PackImage.WEIGHTS, tensor);
  }

  void golden(String field, String name, Tensor tensor) throws IOException {
    golden.put(name, tensor);
    reference(field, PackImage.GOLDEN, name);
  }

  void seen(String name, Tensor digests) throws IOException {
    seen.put(name, digests);
    reference(name, PackImage.SEEN, name);
  }

  /** Names a whole file. */
  void file(String field, String name) throws IOException {
    json.name(field).beginObject().name("file").value(name).endObject();
  }

  private void reference(String field, String file, String tensor) throws IOException {
    json.name(field).beginObject();
    json.name("file").value(file).name("tensor").value(tensor).endObject();
  }
}
