package io.innerspan.signals.pack;

import com.google.gson.stream.JsonWriter;
import io.innerspan.signals.Floats;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LayerLens;
import io.innerspan.signals.LayerLens.Translator;
import io.innerspan.signals.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code layer_lens}: a logit lens, or with translators a tuned lens. */
final class LayerLensFormat extends SignalFormat<LayerLens> {
  LayerLensFormat() {
    super("layer_lens", LayerLens.class);
  }

  @Override
  LayerLens read(SignalInput in) throws PackException {
    String id = in.id();
    List<HookPoint> layers = in.hookPoints("layers");
    HookPoint logits = in.hookPoint("logits");
    Position position = in.position();
    int top = in.fields().whole("top");
    List<Translator> translators = new ArrayList<>();
    if (in.fields().has("translators")) {
      for (SignalInput translator : in.objects("translators")) {
        Floats bias = translator.vector("bias");
        translators.add(
            new Translator(translator.matrix("weight", bias.size(), bias.size()), bias));
        translator.tidy().check(translator.fields());
      }
    }
    return in.fields().build(() -> new LayerLens(id, layers, logits, position, top, translators));
  }

  @Override
  void write(LayerLens lens, SignalOutput out) throws IOException {
    out.texts("layers", lens.layers().stream().map(HookPoint::name).toList());
    out.json().name("logits").value(lens.logits().name());
    out.position(lens.position());
    out.json().name("top").value(lens.top());
    if (!lens.translators().isEmpty()) {
      JsonWriter json = out.json().name("translators").beginArray();
      for (int layer = 0; layer < lens.layers().size(); layer++) {
        Translator translator = lens.translators().get(layer);
        int width = translator.bias().size();
        String name = lens.id() + ".translator." + layer;
        json.beginObject();
        out.weights("weight", name + ".weight", translator.weight(), width, width);
        out.weights("bias", name + ".bias", translator.bias());
        json.endObject();
      }
      json.endArray();
    }
  }
}
