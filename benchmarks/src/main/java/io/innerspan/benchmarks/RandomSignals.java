package io.innerspan.benchmarks;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.ActivationSummary.Statistic;
import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.AttentionSummary;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.Floats;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LayerLens;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Mlp;
import io.innerspan.signals.MlpProbe;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.PopulationDistance;
import io.innerspan.signals.Position;
import io.innerspan.signals.Sae;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Signals with random weights for all-MiniLM-L6-v2. They mean nothing, and cost what trained ones
 * cost.
 */
final class RandomSignals {
  private static final int LAYERS = 6;
  private static final int WIDTH = 384;
  private static final int HEADS = 12;
  private static final int FEATURES = 3072;
  private static final int HIDDEN = 32;
  private static final int RANK = 16;

  /** Every kind of pooling. */
  private static final List<Pooling> POOLINGS =
      List.of(
          Pooling.MEAN,
          Pooling.LAST,
          Pooling.CLS,
          Pooling.MAX,
          Pooling.topKMean(3),
          Pooling.rollingMax(10),
          Pooling.softmax(1),
          Pooling.ema(0.5));

  /** The same signals for the same set. */
  static List<Signal> of(SignalSet set) {
    List<Signal> signals = new ArrayList<>();
    if (set == SignalSet.ALL) {
      for (SignalSet each : SignalSet.OF_MINILM) {
        signals.addAll(of(each));
      }
      return signals;
    }
    Random random = new Random(set.ordinal());
    switch (set) {
      case FEATURES_TOKENS -> signals.add(features(LAYERS - 2, SaeFeatures.Scope.TOKENS, random));
      case CONFIDENCE ->
          signals.add(
              new OutputConfidence(
                  "confidence", new HookPoint("last_hidden_state"), Position.LAST, 1, null));
      case LINEAR_PROBES -> {
        for (int i = 0; i < 2 * POOLINGS.size(); i++) {
          signals.add(linearProbe(i, random));
        }
      }
      case LENS, TUNED_LENS -> signals.add(lens(set, random));
      default -> {
        for (int layer = 0; layer < LAYERS; layer++) {
          signals.add(signal(set, layer, random));
        }
      }
    }
    return signals;
  }

  private static Signal signal(SignalSet set, int layer, Random random) {
    return switch (set) {
      case SUMMARIES -> summary(layer);
      case ATTENTION ->
          new AttentionSummary(
              "attention_" + layer,
              new HookPoint("blocks." + layer + ".attn.hook_pattern"),
              HEADS,
              true);
      case FEATURES_POOLED -> features(layer, SaeFeatures.Scope.POOLED, random);
      case POPULATION -> population(layer, random);
      case MLP_PROBES -> mlpProbe(layer, random);
      case ATTENTION_PROBES -> attentionProbe(layer, random);
      case FEATURES_TOKENS, CONFIDENCE, LINEAR_PROBES, ALL, LENS, TUNED_LENS ->
          throw new IllegalArgumentException(set + " is no signal of a layer");
    };
  }

  private static HookPoint output(int layer) {
    return new HookPoint("blocks." + layer + ".hook_normalized_resid_post");
  }

  private static Signal summary(int layer) {
    Set<Statistic> statistics = EnumSet.allOf(Statistic.class);
    if (layer == 0) {
      statistics.remove(Statistic.COSINE_TO_PREVIOUS);
    }
    return new ActivationSummary(
        "summary_" + layer, output(layer), layer == 0 ? null : output(layer - 1), statistics);
  }

  private static Signal features(int layer, SaeFeatures.Scope scope, Random random) {
    Sae sae =
        new Sae(
            WIDTH,
            FEATURES,
            new Sae.Activation.TopK(weights(FEATURES, 0.1, random), 32, false),
            Sae.Normalization.NONE,
            true,
            weights(WIDTH * FEATURES, 1 / Math.sqrt(WIDTH), random),
            weights(WIDTH * FEATURES, 1 / Math.sqrt(WIDTH), random),
            weights(WIDTH, 0.1, random));
    String id = scope == SaeFeatures.Scope.TOKENS ? "features_tokens_" : "features_pooled_";
    return new SaeFeatures(id + layer, output(layer), sae, scope, 8, List.of());
  }

  private static Signal population(int layer, Random random) {
    float[] components = new float[RANK * WIDTH];
    for (int row = 0; row < RANK; row++) {
      components[row * WIDTH + row * 7] = 1; // Orthonormal, and read like any others.
    }
    float[] variances = new float[RANK];
    Arrays.fill(variances, 2);
    return new PopulationDistance(
        "population_" + layer,
        output(layer),
        Pooling.MEAN,
        weights(WIDTH, 0.1, random),
        Floats.of("components", components),
        Floats.of("variances", variances),
        1);
  }

  private static Signal lens(SignalSet set, Random random) {
    List<HookPoint> layers = new ArrayList<>();
    List<LayerLens.Translator> translators = new ArrayList<>();
    for (int layer = 0; layer < LAYERS; layer++) {
      layers.add(output(layer));
      if (set == SignalSet.TUNED_LENS) {
        translators.add(
            new LayerLens.Translator(
                weights(WIDTH * WIDTH, 0.1 / Math.sqrt(WIDTH), random),
                weights(WIDTH, 0.1, random)));
      }
    }
    return new LayerLens(
        set == SignalSet.LENS ? "lens" : "tuned_lens",
        layers,
        new HookPoint(LanguageModel.LOGITS),
        Position.LAST,
        5,
        translators);
  }

  private static Signal linearProbe(int number, Random random) {
    return new LinearProbe(
        "linear_" + number,
        output(number % LAYERS),
        POOLINGS.get(number % POOLINGS.size()),
        RandomProbes.gaussians(WIDTH, 1 / Math.sqrt(WIDTH), random),
        0,
        new Calibration.None(),
        null,
        "high",
        "low");
  }

  private static Signal mlpProbe(int layer, Random random) {
    Mlp mlp =
        new Mlp(
            List.of(
                new Mlp.Layer(
                    RandomProbes.gaussians(WIDTH * HIDDEN, 1 / Math.sqrt(WIDTH), random),
                    RandomProbes.gaussians(HIDDEN, 0.1, random))));
    return new MlpProbe(
        mlp,
        new LinearProbe(
            "mlp_" + layer,
            output(layer),
            Pooling.MAX,
            RandomProbes.gaussians(HIDDEN, 1 / Math.sqrt(HIDDEN), random),
            0,
            new Calibration.None(),
            null,
            "high",
            "low"));
  }

  private static Signal attentionProbe(int layer, Random random) {
    List<AttentionProbe.Rule> rules =
        List.of(
            AttentionProbe.Rule.ATTENTION,
            AttentionProbe.Rule.MULTIMAX,
            AttentionProbe.Rule.rolling(10));
    AttentionProbe.Rule rule = rules.get(layer % rules.size());
    int heads = 4;
    boolean queried = rule.kind() != AttentionProbe.Rule.Kind.MULTIMAX;
    return new AttentionProbe(
        "attention_probe_" + layer,
        output(layer),
        null,
        rule,
        heads,
        queried
            ? RandomProbes.gaussians(heads * WIDTH, 1 / Math.sqrt(WIDTH), random)
            : new float[0],
        RandomProbes.gaussians(heads * WIDTH, 1 / Math.sqrt(WIDTH), random),
        0,
        new Calibration.None(),
        null,
        "high",
        "low");
  }

  private static Floats weights(int count, double scale, Random random) {
    return Floats.of("weights", RandomProbes.gaussians(count, scale, random));
  }

  private RandomSignals() {}
}
