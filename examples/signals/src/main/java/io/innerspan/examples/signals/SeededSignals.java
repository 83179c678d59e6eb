package io.innerspan.examples.signals;

import io.innerspan.onnxruntime.graft.Layer;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.ActivationSummary.Statistic;
import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.AttentionProbe.Rule;
import io.innerspan.signals.AttentionSummary;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.FeatureDictionary;
import io.innerspan.signals.Floats;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LayerLens;
import io.innerspan.signals.LayerLens.Translator;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Mlp;
import io.innerspan.signals.MlpProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.PopulationDistance;
import io.innerspan.signals.Position;
import io.innerspan.signals.Sae;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.Threshold;
import io.innerspan.signals.TokenSelection;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Signals with seeded random weights for the places of one model. */
final class SeededSignals {
  private static final int HIDDEN = 8;
  private static final int HEADS = 2;
  private static final int FEATURES = 64;
  private static final int COMPONENTS = 2;
  private static final int TOP = 3;
  private static final HookPoint LOGITS = new HookPoint("logits");

  private final String prefix;
  private final List<HookPoint> outputs;
  private final int width;
  private final Random random;

  /**
   * @param prefix what the ids of all signals begin with
   * @param width of the residual stream
   */
  SeededSignals(String prefix, OnnxModel model, int width) {
    this.prefix = prefix + "_";
    this.width = width;
    this.random = new Random(prefix.hashCode());
    this.outputs = new ArrayList<>();
    for (Layer layer : model.layers()) {
      String place =
          layer.normalized() == null ? ".hook_resid_post" : ".hook_normalized_resid_post";
      outputs.add(new HookPoint(layer.block() + place));
    }
  }

  /** The output of the last layer. */
  HookPoint last() {
    return outputs.get(outputs.size() - 1);
  }

  LinearProbe linear(Pooling pooling) {
    return linear("linear_" + pooling.kind().label(), pooling, width);
  }

  private LinearProbe linear(String id, Pooling pooling, int in) {
    return new LinearProbe(
        prefix + id,
        last(),
        pooling,
        values(in),
        0.1f,
        new Calibration.Platt(1.5, 0.1),
        null,
        "yes",
        "no");
  }

  MlpProbe mlp() {
    Mlp.Layer layer = new Mlp.Layer(values(HIDDEN * width), values(HIDDEN));
    return new MlpProbe(new Mlp(List.of(layer)), linear("mlp", Pooling.MEAN, HIDDEN));
  }

  AttentionProbe attentionProbe(Rule rule) {
    return new AttentionProbe(
        prefix + "probe_" + rule.kind().label(),
        last(),
        null,
        rule,
        HEADS,
        rule.kind() == Rule.Kind.MULTIMAX ? new float[0] : values(HEADS * width),
        values(HEADS * width),
        0.1f,
        new Calibration.Temperature(2),
        new Threshold(0.5, 0.01),
        "yes",
        "no");
  }

  /** Of a layer's output, with the cosine to that of the layer before. */
  ActivationSummary summary(int layer) {
    return new ActivationSummary(
        prefix + "summary_" + layer,
        outputs.get(layer),
        outputs.get(layer - 1),
        EnumSet.allOf(Statistic.class));
  }

  AttentionSummary attention(int layer, int heads) {
    HookPoint pattern = new HookPoint("blocks." + layer + ".attn.hook_pattern");
    return new AttentionSummary(prefix + "attention_" + layer, pattern, heads, true);
  }

  LayerLens logitLens(Position position) {
    return new LayerLens(prefix + "logit_lens", outputs, LOGITS, position, TOP, List.of());
  }

  LayerLens tunedLens(Position position) {
    List<Translator> translators = new ArrayList<>();
    for (int layer = 0; layer < outputs.size(); layer++) {
      translators.add(new Translator(floats(width * width), floats(width)));
    }
    return new LayerLens(prefix + "tuned_lens", outputs, LOGITS, position, TOP, translators);
  }

  SaeFeatures standard() {
    return sae("standard", new Sae.Activation.Standard(floats(FEATURES)), false);
  }

  SaeFeatures topK() {
    return sae("topk", new Sae.Activation.TopK(floats(FEATURES), 4, true), true);
  }

  SaeFeatures jumpRelu() {
    Floats thresholds = Floats.of("threshold", constant(0.05f));
    return sae("jumprelu", new Sae.Activation.JumpRelu(floats(FEATURES), thresholds), false);
  }

  SaeFeatures gated() {
    Sae.Activation gated =
        new Sae.Activation.Gated(floats(FEATURES), floats(FEATURES), floats(FEATURES));
    return sae("gated", gated, false);
  }

  private SaeFeatures sae(String id, Sae.Activation activation, boolean perToken) {
    Sae sae =
        new Sae(
            width,
            FEATURES,
            activation,
            Sae.Normalization.LAYER_NORM,
            true,
            floats(width * FEATURES),
            floats(width * FEATURES),
            floats(width));
    return new SaeFeatures(
        prefix + id,
        last(),
        TokenSelection.ALL,
        sae,
        perToken ? SaeFeatures.Scope.TOKENS : SaeFeatures.Scope.POOLED,
        TOP,
        List.of(new SaeFeatures.Watched(7, "watched_seven")),
        new FeatureDictionary(null, Map.of(7, "random direction number 7")));
  }

  /** From a made-up population around a random centre. */
  PopulationDistance distance() {
    float[] axes = new float[COMPONENTS * width];
    for (int k = 0; k < COMPONENTS; k++) {
      axes[k * width + k] = 1;
    }
    return new PopulationDistance(
        prefix + "distance",
        last(),
        Pooling.MEAN,
        floats(width),
        Floats.of("components", axes),
        Floats.of("variances", new float[] {4, 2}),
        0.5);
  }

  private float[] constant(float value) {
    float[] values = new float[FEATURES];
    java.util.Arrays.fill(values, value);
    return values;
  }

  private Floats floats(int count) {
    return Floats.of("weights", values(count));
  }

  private float[] values(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian() * 0.1f;
    }
    return values;
  }
}
