package io.innerspan.signals.pack;

import com.google.gson.stream.JsonWriter;
import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.Mlp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** An MLP in a manifest: a list of layers. */
final class Mlps {
  static Mlp read(SignalInput signal) throws PackException {
    List<Mlp.Layer> layers = new ArrayList<>();
    for (SignalInput layer : signal.objects("mlp")) {
      SignalInput.Matrix weight = layer.matrix("weight", "[out, in]");
      layers.add(new Mlp.Layer(weight.values(), layer.vector("bias", weight.rows())));
      layer.tidy().check(layer.fields());
    }
    if (layers.isEmpty()) {
      throw new InvalidValueException(signal.fields().at("mlp"), "at least 1 layer", "0");
    }
    return signal.fields().build(() -> new Mlp(layers));
  }

  static void write(String id, Mlp mlp, SignalOutput out) throws IOException {
    JsonWriter json = out.json().name("mlp").beginArray();
    for (int l = 0; l < mlp.layers().size(); l++) {
      Mlp.Layer layer = mlp.layers().get(l);
      String name = id + ".mlp." + l;
      json.beginObject();
      out.weights("weight", name + ".weight", layer.weights(), layer.out(), layer.in());
      out.weights("bias", name + ".bias", layer.biases());
      json.endObject();
    }
    json.endArray();
  }

  private Mlps() {}
}
