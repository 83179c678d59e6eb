package io.innerspan.signals.pack;

import com.google.gson.stream.JsonWriter;
import io.innerspan.signals.FeatureDictionary;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.SaeFeatures.Scope;
import io.innerspan.signals.SaeFeatures.Watched;
import io.innerspan.signals.TokenSelection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code sae_features}; the autoencoder is SAELens' {@code cfg.json} and weights. */
final class SaeFeaturesFormat extends SignalFormat<SaeFeatures> {
  private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,8}");

  SaeFeaturesFormat() {
    super("sae_features", SaeFeatures.class);
  }

  @Override
  SaeFeatures read(SignalInput in) throws PackException {
    String id = in.id();
    SaeLensFiles.Contents files = SaeLensFiles.read(in.of(in.fields().object("sae")));
    HookPoint hookPoint = hookPoint(in, files.hookName());
    TokenSelection tokens = in.tokens();
    Scope scope = in.constant("scope", Scope.values(), Scope::label);
    int top = in.fields().whole("top");
    List<Watched> watched = watched(in);
    String pointer = in.fields().optionalText("neuronpedia");
    Map<Integer, String> labels = labels(in);
    return in.fields()
        .build(
            () ->
                new SaeFeatures(
                    id,
                    hookPoint,
                    tokens,
                    files.sae(),
                    scope,
                    top,
                    watched,
                    new FeatureDictionary(
                        pointer == null ? files.neuronpedia() : pointer, labels)));
  }

  /** The signal's own, or where the autoencoder was trained. */
  private static HookPoint hookPoint(SignalInput in, @Nullable String trained) {
    if (in.fields().has("hook_point") || trained == null) {
      return in.hookPoint();
    }
    return in.fields().build(() -> new HookPoint(trained));
  }

  private static List<Watched> watched(SignalInput in) {
    List<Watched> watched = new ArrayList<>();
    for (Fields fields : in.fields().optionalObjects("watched")) {
      watched.add(fields.build(() -> new Watched(fields.whole("feature"), fields.text("name"))));
      in.tidy().check(fields);
    }
    return watched;
  }

  private static Map<Integer, String> labels(SignalInput in) {
    Map<Integer, String> labels = new HashMap<>();
    if (in.fields().has("labels")) {
      in.fields()
          .textMap("labels")
          .forEach(
              (index, label) -> {
                if (index.length() > 9 || !INDEX.matcher(index).matches()) {
                  throw new InvalidValueException(
                      in.fields().at("labels"), "indices of features", "'" + index + "'");
                }
                labels.put(Integer.parseInt(index), label);
              });
    }
    return labels;
  }

  @Override
  void write(SaeFeatures signal, SignalOutput out) throws IOException {
    out.hookPoint(signal.hookPoint());
    out.tokens(signal.tokens());
    SaeLensFiles.write(signal, out);
    JsonWriter json = out.json();
    json.name("scope").value(signal.scope().label());
    json.name("top").value(signal.top());
    json.name("watched").beginArray();
    for (Watched each : signal.watched()) {
      json.beginObject().name("feature").value(each.feature());
      json.name("name").value(each.name()).endObject();
    }
    json.endArray();
    json.name("neuronpedia").value(signal.dictionary().neuronpedia());
    json.name("labels").beginObject();
    for (Map.Entry<Integer, String> label : signal.dictionary().labels().entrySet()) {
      json.name(label.getKey().toString()).value(label.getValue());
    }
    json.endObject();
  }
}
