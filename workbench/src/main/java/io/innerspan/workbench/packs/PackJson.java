package io.innerspan.workbench.packs;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Signal;
import io.innerspan.signals.Threshold;
import io.innerspan.signals.pack.Canary;
import io.innerspan.signals.pack.Metric;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.pack.TrainingData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a pack holds, without its weights, as one JSON object. */
public final class PackJson {
  private static final Gson JSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().setPrettyPrinting().create();

  /** The object as text. */
  public static String of(ProbePack pack) {
    return JSON.toJson(object(pack));
  }

  static Map<String, @Nullable Object> object(ProbePack pack) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("name", pack.name());
    object.put("version", pack.version());
    object.put("digest", pack.digest());
    object.put("licence", pack.licence());
    object.put("description", pack.description());
    Map<String, @Nullable Object> model = new LinkedHashMap<>();
    model.put("name", pack.model().name());
    model.put("sha256", pack.model().sha256());
    model.put("structure", pack.model().structure());
    object.put("model", model);
    object.put("tokenizer_sha256", pack.tokenizer() == null ? null : pack.tokenizer().sha256());
    object.put("training_data", training(pack.trainingData()));
    List<Object> signals = new ArrayList<>();
    pack.signals().forEach(signal -> signals.add(signal(pack, signal)));
    object.put("signals", signals);
    object.put("golden_inputs", pack.goldenInputs().size());
    List<Object> canaries = new ArrayList<>();
    pack.canaries().forEach(canary -> canaries.add(canary(canary)));
    object.put("canaries", canaries);
    object.put("evaluation", metrics(pack.evaluation()));
    return object;
  }

  private static Map<String, @Nullable Object> canary(Canary canary) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("id", canary.id());
    object.put("kind", canary.kind().label());
    object.put("architectures", List.copyOf(canary.readings().keySet()));
    return object;
  }

  private static @Nullable Map<String, @Nullable Object> training(@Nullable TrainingData data) {
    if (data == null) {
      return null;
    }
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("sha256", data.sha256());
    object.put("rows", data.rows());
    object.put("description", data.description());
    object.put("seen_texts", data.seen() == null ? null : data.seen().texts().elements());
    object.put("seen_groups", data.seen() == null ? null : data.seen().groups().elements());
    return object;
  }

  private static Map<String, @Nullable Object> signal(ProbePack pack, Signal signal) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("id", signal.id());
    object.put("kind", kind(signal));
    object.put("hook_points", signal.hookPoints().stream().map(Object::toString).toList());
    object.put("tokens", signal.tokens().toString());
    object.put("sampling", pack.sampling(signal.id()).label());
    if (signal instanceof Probe probe) {
      object.put(
          "pooling", probe instanceof LinearProbe linear ? linear.pooling().toString() : null);
      object.put("width", probe.width());
      object.put("labels", List.of(probe.positiveLabel(), probe.negativeLabel()));
      object.put("calibration", probe.calibration().toString());
      object.put("threshold", threshold(probe.threshold()));
      object.put("golden_activations", pack.goldenActivation(probe.id()).rows());
      object.put("metrics", metrics(pack.report(probe.id()).metrics()));
      object.put("baselines", metrics(pack.report(probe.id()).baselines()));
    }
    return object;
  }

  /** The name in a manifest. */
  static String kind(Signal signal) {
    String name = signal.getClass().getSimpleName();
    return name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }

  private static @Nullable Map<String, @Nullable Object> threshold(@Nullable Threshold threshold) {
    if (threshold == null) {
      return null;
    }
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("score", threshold.score());
    object.put("target_fpr", threshold.targetFpr());
    Threshold.Certificate certificate = threshold.certificate();
    object.put("n", certificate == null ? null : certificate.n());
    object.put("fpr_upper_bound", certificate == null ? null : certificate.fprUpperBound());
    return object;
  }

  private static Map<String, Object> metrics(Map<String, Metric> metrics) {
    Map<String, Object> object = new LinkedHashMap<>();
    metrics.forEach(
        (name, metric) ->
            object.put(
                name, Map.of("value", metric.value(), "low", metric.low(), "high", metric.high())));
    return object;
  }

  private PackJson() {}
}
