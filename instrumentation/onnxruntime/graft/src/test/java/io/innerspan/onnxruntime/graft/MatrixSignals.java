package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.ActivationSummary.Statistic;
import io.innerspan.signals.AttentionSummary;
import io.innerspan.signals.FeatureDictionary;
import io.innerspan.signals.Floats;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LayerLens;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Position;
import io.innerspan.signals.Sae;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.Signal;
import io.innerspan.signals.TokenSelection;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Signals of every kind at the places that a model has for them. */
final class MatrixSignals {
  private static final int FEATURES = 24;
  private static final List<SaeFeatures.Watched> WATCHED =
      List.of(new SaeFeatures.Watched(7, "seventh"));

  /** Ids that examples have in some rows and not in others. */
  private static final TokenSelection SOME = TokenSelection.excluding(1, 2, 3);

  /** Where signals are read. */
  enum Places {
    /** The outputs of layers, or the like in other models, attention patterns and logits. */
    LAYERS,
    /** Whatever else of a transformer's layers has a name: branches and sums. */
    SITES,
    /** Those of {@link #LAYERS} in a model without a mask, where all tokens are taken for real. */
    UNMASKED
  }

  private final OnnxModel model;
  private final int heads;
  private final boolean unmasked;
  private final List<Signal> signals = new ArrayList<>();

  private MatrixSignals(OnnxModel model, int heads, boolean unmasked) {
    this.model = model;
    this.heads = heads;
    this.unmasked = unmasked;
  }

  private void add(Signal signal) {
    signals.add(unmasked ? Signals.withoutMask(signal) : signal);
  }

  /**
   * Makes the signals.
   *
   * @param heads the attention heads of a layer
   */
  static List<Signal> of(OnnxModel model, int heads, Places where) {
    MatrixSignals all = new MatrixSignals(model, heads, where == Places.UNMASKED);
    if (where == Places.SITES) {
      all.sites();
      return all.signals;
    }
    List<TapPoint> places = model.candidates();
    for (int i = 0; i < places.size(); i++) {
      all.activation(i, places.get(i), i == 0 ? null : places.get(i - 1));
    }
    List<TapPoint> patterns =
        model.hookPoints().stream().filter(tap -> tap.layout() == TapPoint.Layout.PATTERN).toList();
    for (int i = 0; i < patterns.size(); i++) {
      all.attention(i, patterns.get(i));
    }
    all.logits(places);
    return all.signals;
  }

  private void activation(int number, TapPoint place, @Nullable TapPoint before) {
    HookPoint at = place.hookPoint();
    String suffix = "_" + number;
    int width = Math.toIntExact(place.width());
    boolean comparable = before != null && before.width() == width;
    EnumSet<Statistic> statistics = EnumSet.allOf(Statistic.class);
    if (!comparable) {
      statistics.remove(Statistic.COSINE_TO_PREVIOUS);
    }
    HookPoint previous = comparable ? Objects.requireNonNull(before).hookPoint() : null;
    add(new ActivationSummary("summary" + suffix, at, previous, statistics));
    add(ActivationSummary.norm("norm" + suffix, at));
    if (width < 0 || before != null) {
      return; // All kinds at one place: more would say the same again.
    }
    for (Pooling pooling : Signals.POOLINGS) {
      String id = "linear_" + pooling.kind().label() + suffix;
      add(Signals.probe(id, at.name(), pooling, width));
    }
    for (Signal probe : Signals.heads(width, at.name())) {
      add(Signals.over(probe, TokenSelection.ALL, suffix));
    }
    if (place.layout() == TapPoint.Layout.TOKENS) {
      excluding(suffix, at, width);
    }
    for (Pooling pooling : List.of(Pooling.MEAN, Pooling.LAST, Pooling.CLS)) {
      String id = "distance_" + pooling.kind().label() + suffix;
      add(DistanceGraphTest.distance(id, at.name(), pooling, TokenSelection.ALL, width));
    }
    features(suffix, at, width);
  }

  /** Everything that pools tokens, over some of them. */
  private void excluding(String suffix, HookPoint at, int width) {
    for (Pooling pooling : List.of(Pooling.MEAN, Pooling.LAST, Pooling.MAX, Pooling.ema(0.5))) {
      String id = "linear_" + pooling.kind().label() + "_excluding";
      add(Signals.over(Signals.probe(id, at.name(), pooling, width), SOME, suffix));
    }
    for (Signal probe : Signals.heads(width, at.name())) {
      if (probe.id().matches("mlp_softmax|attention|multimax|rolling_attention_mlp")) {
        add(Signals.over(probe, SOME, "_excluding" + suffix));
      }
    }
    EnumSet<Statistic> statistics = EnumSet.allOf(Statistic.class);
    statistics.remove(Statistic.COSINE_TO_PREVIOUS);
    add(new ActivationSummary("summary_excluding" + suffix, at, null, SOME, statistics));
    String id = "distance_mean_excluding" + suffix;
    add(DistanceGraphTest.distance(id, at.name(), Pooling.MEAN, SOME, width));
    Random random = new Random(width + 1);
    Sae sae = sae(random, activations(random, true).get(1), Sae.Normalization.LAYER_NORM, width);
    for (SaeFeatures.Scope scope : SaeFeatures.Scope.values()) {
      add(
          new SaeFeatures(
              "sae_" + scope.label() + "_excluding" + suffix,
              at,
              SOME,
              sae,
              scope,
              4,
              WATCHED,
              FeatureDictionary.NONE));
    }
  }

  /** Each activation function in each scope, with the normalisations by turns. */
  private void features(String suffix, HookPoint at, int width) {
    Random random = new Random(width);
    Sae.Normalization[] normalizations = Sae.Normalization.values();
    for (SaeFeatures.Scope scope : SaeFeatures.Scope.values()) {
      boolean pooled = scope == SaeFeatures.Scope.POOLED;
      List<Sae.Activation> activations = activations(random, pooled);
      for (int i = 0; i < activations.size(); i++) {
        // None of the activation functions has the same normalisation in both scopes.
        Sae.Normalization normalization =
            normalizations[(i + (pooled ? 0 : 2)) % normalizations.length];
        Sae sae = sae(random, activations.get(i), normalization, width);
        String kind = activations.get(i).getClass().getSimpleName().toLowerCase(Locale.ROOT);
        String id = "sae_" + kind + "_" + scope.label() + suffix;
        add(new SaeFeatures(id, at, sae, scope, 4, WATCHED));
      }
    }
  }

  /** Every activation function. */
  private static List<Sae.Activation> activations(Random random, boolean rescale) {
    return List.of(
        new Sae.Activation.Standard(normal(random, FEATURES)),
        new Sae.Activation.TopK(normal(random, FEATURES), 5, rescale),
        new Sae.Activation.JumpRelu(normal(random, FEATURES), normal(random, FEATURES)),
        new Sae.Activation.Gated(
            normal(random, FEATURES), normal(random, FEATURES), normal(random, FEATURES)));
  }

  private static Sae sae(
      Random random, Sae.Activation activation, Sae.Normalization normalization, int width) {
    return new Sae(
        width,
        FEATURES,
        activation,
        normalization,
        true,
        normal(random, width * FEATURES),
        normal(random, width * FEATURES),
        normal(random, width));
  }

  /** All statistics and an autoencoder at every place of the layers that is no layer's output. */
  private void sites() {
    Set<String> outputs =
        model.candidates().stream().map(tap -> tap.tensor().name()).collect(Collectors.toSet());
    int number = 0;
    TapPoint before = null;
    for (TapPoint site : model.hookPoints()) {
      boolean other = !outputs.contains(site.tensor().name());
      if (!other || site.layout() != TapPoint.Layout.TOKENS || !site.usable()) {
        continue;
      }
      int width = Math.toIntExact(site.width());
      boolean comparable = before != null && before.width() == width;
      EnumSet<Statistic> statistics = EnumSet.allOf(Statistic.class);
      if (!comparable) {
        statistics.remove(Statistic.COSINE_TO_PREVIOUS);
      }
      HookPoint at = site.hookPoint();
      HookPoint previous = comparable ? Objects.requireNonNull(before).hookPoint() : null;
      add(new ActivationSummary("site_summary_" + number, at, previous, statistics));
      if (width > 0) {
        Random random = new Random(number);
        SaeFeatures.Scope scope = SaeFeatures.Scope.values()[number % 2];
        List<Sae.Activation> activations = activations(random, false);
        Sae.Normalization[] normalizations = Sae.Normalization.values();
        Sae sae =
            sae(
                random,
                activations.get(number % activations.size()),
                normalizations[(number / 2) % normalizations.length],
                width);
        add(new SaeFeatures("site_sae_" + number, at, sae, scope, 4, WATCHED));
      }
      before = site;
      number++;
    }
  }

  private static Floats normal(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (0.4 * random.nextGaussian());
    }
    return Floats.of("values", values);
  }

  private void attention(int number, TapPoint pattern) {
    add(new AttentionSummary("pattern_" + number, pattern.hookPoint(), heads, true));
  }

  private void logits(List<TapPoint> layers) {
    Tail tail = model.tail();
    if (tail == null) {
      return;
    }
    HookPoint logits = new HookPoint(tail.output());
    for (Position position : List.of(Position.FIRST, Position.LAST, Position.token(3))) {
      String suffix = "_" + position.kind().name().toLowerCase(Locale.ROOT);
      boolean first = position.kind() == Position.Kind.FIRST;
      OutputConfidence.Disagreement disagreement =
          first ? new OutputConfidence.Disagreement("linear_mean_0", 1) : null;
      add(new OutputConfidence("confidence" + suffix, logits, position, 1.5, disagreement));
      List<HookPoint> from = layers.stream().map(TapPoint::hookPoint).toList();
      if (from.isEmpty()) {
        continue;
      }
      add(new LayerLens("lens" + suffix, from, logits, position, 2, List.of()));
      // Of 8 bits, a step up or down by the last bit of a translation is far beyond any tolerance.
      boolean rounds =
          tail.nodes().stream().anyMatch(node -> node.getOpType().contains("Quantize"));
      if (!rounds) {
        // Those of a last layer change nothing, as in published lenses.
        List<LayerLens.Translator> translators = translators(layers, !first);
        add(new LayerLens("tuned" + suffix, from, logits, position, 2, translators));
      }
    }
  }

  private static List<LayerLens.Translator> translators(List<TapPoint> layers, boolean lastIsNone) {
    Random random = new Random(5);
    List<LayerLens.Translator> translators = new ArrayList<>();
    for (TapPoint layer : layers) {
      int width = Math.toIntExact(layer.width());
      boolean none = lastIsNone && translators.size() == layers.size() - 1;
      Floats weight = normal(random, width * width);
      Floats bias = normal(random, width);
      translators.add(
          none
              ? new LayerLens.Translator(
                  Floats.of("A", new float[width * width]), Floats.of("b", new float[width]))
              : new LayerLens.Translator(weight, bias));
    }
    return translators;
  }
}
