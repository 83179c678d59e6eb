package io.innerspan.signals.pack;

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
      case "linear_probe" -> new Manifest.SignalEntry(path, id, hookPoint, probe(fields));
      case "activation_norm" -> new Manifest.SignalEntry(path, id, hookPoint, null);
      default ->
          throw new InvalidValueException(
              fields.at("kind"), "linear_probe or activation_norm", "'" + kind + "'");
    };
  }

  private Manifest.ProbeEntry probe(Fields fields) {
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
        pooling(fields.object("pooling")),
        ManifestReader.tensor(fields.object("weight"), tidy),
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
