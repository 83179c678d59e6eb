package io.innerspan.signals.pack;

import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Threshold;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the signals of a manifest. */
final class SignalReader {
  private final Tidy tidy;

  SignalReader(Tidy tidy) {
    this.tidy = tidy;
  }

  List<Manifest.SignalEntry> signals(Fields root) {
    List<Manifest.SignalEntry> signals = new ArrayList<>();
    for (Fields fields : root.objects("signals")) {
      signals.add(signal("signals[" + signals.size() + "]", fields));
      tidy.check(fields);
    }
    return signals;
  }

  private Manifest.SignalEntry signal(String path, Fields fields) {
    String id = fields.text("id");
    String kind = fields.text("kind");
    HookPoint hookPoint = fields.build(() -> new HookPoint(fields.text("hook_point")));
    return switch (kind) {
      case "linear_probe" ->
          new Manifest.SignalEntry(path, id, hookPoint, probe(fields, List.of(), linear(fields)));
      case "mlp_probe" ->
          new Manifest.SignalEntry(path, id, hookPoint, probe(fields, mlp(fields), linear(fields)));
      case "attention_probe" ->
          new Manifest.SignalEntry(
              path,
              id,
              hookPoint,
              probe(fields, fields.has("mlp") ? mlp(fields) : List.of(), attention(fields)));
      case "activation_norm" -> new Manifest.SignalEntry(path, id, hookPoint, null);
      default ->
          throw new InvalidValueException(
              fields.at("kind"),
              "linear_probe, mlp_probe, attention_probe or activation_norm",
              "'" + kind + "'");
    };
  }

  private Manifest.Readout linear(Fields fields) {
    return new Manifest.Readout.Linear(
        pooling(fields.object("pooling")), ManifestReader.tensor(fields.object("weight"), tidy));
  }

  private List<Manifest.LayerEntry> mlp(Fields fields) {
    List<Manifest.LayerEntry> layers = new ArrayList<>();
    for (Fields layer : fields.objects("mlp")) {
      layers.add(
          new Manifest.LayerEntry(
              ManifestReader.tensor(layer.object("weight"), tidy),
              ManifestReader.tensor(layer.object("bias"), tidy)));
      tidy.check(layer);
    }
    if (layers.isEmpty()) {
      throw new InvalidValueException(fields.at("mlp"), "at least 1 layer", "0");
    }
    return layers;
  }

  private Manifest.Readout attention(Fields fields) {
    AttentionProbe.Rule rule = rule(fields.object("rule"));
    return new Manifest.Readout.Attention(
        rule,
        rule.kind() == AttentionProbe.Rule.Kind.MULTIMAX
            ? null
            : ManifestReader.tensor(fields.object("query"), tidy),
        ManifestReader.tensor(fields.object("value"), tidy));
  }

  private AttentionProbe.Rule rule(Fields fields) {
    String label = fields.text("kind");
    AttentionProbe.Rule rule =
        fields.build(
            () ->
                switch (label) {
                  case "attention" -> AttentionProbe.Rule.ATTENTION;
                  case "multimax" -> AttentionProbe.Rule.MULTIMAX;
                  case "rolling_attention" ->
                      AttentionProbe.Rule.rolling(window(fields.integer("window")));
                  default ->
                      throw new InvalidValueException(
                          "kind", "attention, multimax or rolling_attention", "'" + label + "'");
                });
    tidy.check(fields);
    return rule;
  }

  /** Too large a number stays too large. */
  private static int window(long number) {
    return (int) Math.max(-1, Math.min(number, Integer.MAX_VALUE));
  }

  private Manifest.ProbeEntry probe(
      Fields fields, List<Manifest.LayerEntry> mlp, Manifest.Readout readout) {
    checkSpecialTokens(fields);
    Fields golden = fields.object("golden");
    Manifest.TensorRef x = ManifestReader.tensor(golden.object("x"), tidy);
    Manifest.TensorRef logit = ManifestReader.tensor(golden.object("logit"), tidy);
    tidy.check(golden);
    Fields labels = fields.has("labels") ? fields.object("labels") : null;
    String positive = labels == null ? "positive" : labels.text("positive");
    String negative = labels == null ? "negative" : labels.text("negative");
    if (labels != null) {
      tidy.check(labels);
    }
    return new Manifest.ProbeEntry(
        mlp,
        readout,
        ManifestReader.tensor(fields.object("bias"), tidy),
        calibration(fields),
        thresholds(fields),
        positive,
        negative,
        x,
        logit,
        ManifestReader.metrics("metrics", fields, tidy),
        ManifestReader.metrics("baselines", fields, tidy));
  }

  /** Special tokens ([CLS], [SEP], BOS) count as real tokens; nothing else is computed yet. */
  private static void checkSpecialTokens(Fields fields) {
    String policy = fields.optionalText("special_tokens");
    if (policy != null && !policy.equals("include")) {
      throw new InvalidValueException(
          fields.at("special_tokens"), "include, the only policy so far", "'" + policy + "'");
    }
  }

  private Pooling pooling(Fields fields) {
    String label = fields.text("kind");
    Pooling.Kind kind =
        Arrays.stream(Pooling.Kind.values())
            .filter(each -> each.label().equals(label))
            .findFirst()
            .orElseThrow(
                () ->
                    new InvalidValueException(
                        fields.at("kind"),
                        "one of "
                            + Arrays.stream(Pooling.Kind.values())
                                .map(Pooling.Kind::label)
                                .toList(),
                        "'" + label + "'"));
    String parameter = kind.parameter();
    Pooling pooling =
        fields.build(() -> new Pooling(kind, parameter == null ? 0 : fields.number(parameter)));
    tidy.check(fields);
    return pooling;
  }

  private Calibration calibration(Fields signal) {
    if (!signal.has("calibration")) {
      return new Calibration.None();
    }
    Fields fields = signal.object("calibration");
    String kind = fields.text("kind");
    Calibration calibration =
        fields.build(
            () ->
                switch (kind) {
                  case "none" -> new Calibration.None();
                  case "temperature" -> new Calibration.Temperature(fields.number("t"));
                  case "platt" -> new Calibration.Platt(fields.number("a"), fields.number("b"));
                  default ->
                      throw new InvalidValueException(
                          "kind", "none, temperature or platt", "'" + kind + "'");
                });
    tidy.check(fields);
    return calibration;
  }

  private List<Threshold> thresholds(Fields signal) {
    List<Threshold> thresholds = new ArrayList<>();
    for (Fields fields : signal.optionalObjects("thresholds")) {
      thresholds.add(
          fields.build(
              () ->
                  new Threshold(
                      fields.number("score"), fields.number("target_fpr"), certificate(fields))));
      tidy.check(fields);
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
