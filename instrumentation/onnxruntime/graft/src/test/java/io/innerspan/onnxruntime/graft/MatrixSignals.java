package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.ActivationSummary.Statistic;
import io.innerspan.signals.AttentionSummary;
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
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Signals of every kind at the places that a model has for them. */
final class MatrixSignals {
  private static final int FEATURES = 24;

  private final OnnxModel model;
  private final int heads;
  private final List<Signal> signals = new ArrayList<>();

  private MatrixSignals(OnnxModel model, int heads) {
    this.model = model;
    this.heads = heads;
  }

  /**
   * Makes the signals.
   *
   * @param heads the attention heads of a layer
   */
  static List<Signal> of(OnnxModel model, int heads) {
    MatrixSignals all = new MatrixSignals(model, heads);
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
    signals.add(new ActivationSummary("summary" + suffix, at, previous, statistics));
    signals.add(ActivationSummary.norm("norm" + suffix, at));
    if (width < 0 || before != null) {
      return; // All kinds at one place: more would say the same again.
    }
    for (Pooling pooling : Signals.POOLINGS) {
      String id = "linear_" + pooling.kind().label() + suffix;
      signals.add(Signals.probe(id, at.name(), pooling, width));
    }
    for (Signal probe : Signals.heads(width, at.name())) {
      signals.add(Signals.over(probe, TokenSelection.ALL, suffix));
    }
    if (place.layout() == TapPoint.Layout.TOKENS) {
      Signal probe = Signals.probe("linear_mean_excluding", at.name(), Pooling.MEAN, width);
      signals.add(Signals.over(probe, TokenSelection.excluding(1, 2, 3), suffix));
    }
    for (Pooling pooling : List.of(Pooling.MEAN, Pooling.LAST, Pooling.CLS)) {
      String id = "distance_" + pooling.kind().label() + suffix;
      signals.add(DistanceGraphTest.distance(id, at.name(), pooling, TokenSelection.ALL, width));
    }
    features(suffix, at, width);
  }

  private void features(String suffix, HookPoint at, int width) {
    Random random = new Random(width);
    List<Sae.Activation> activations =
        List.of(
            new Sae.Activation.Standard(normal(random, FEATURES)),
            new Sae.Activation.TopK(normal(random, FEATURES), 5, true),
            new Sae.Activation.JumpRelu(normal(random, FEATURES), normal(random, FEATURES)),
            new Sae.Activation.Gated(
                normal(random, FEATURES), normal(random, FEATURES), normal(random, FEATURES)));
    for (Sae.Activation activation : activations) {
      String kind = activation.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
      Sae sae =
          new Sae(
              width,
              FEATURES,
              activation,
              Sae.Normalization.NONE,
              true,
              normal(random, width * FEATURES),
              normal(random, width * FEATURES),
              normal(random, width));
      for (SaeFeatures.Scope scope : SaeFeatures.Scope.values()) {
        String id = "sae_" + kind + "_" + scope.label() + suffix;
        List<SaeFeatures.Watched> watched = List.of(new SaeFeatures.Watched(7, "seventh"));
        signals.add(new SaeFeatures(id, at, sae, scope, 4, watched));
      }
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
    signals.add(new AttentionSummary("pattern_" + number, pattern.hookPoint(), heads, true));
  }

  private void logits(List<TapPoint> layers) {
    Tail tail = model.tail();
    if (tail == null) {
      return;
    }
    HookPoint logits = new HookPoint(tail.output());
    for (Position position : List.of(Position.FIRST, Position.LAST)) {
      String suffix = position.kind() == Position.Kind.FIRST ? "_first" : "_last";
      signals.add(new OutputConfidence("confidence" + suffix, logits, position, 1.5, null));
      List<HookPoint> from = layers.stream().map(TapPoint::hookPoint).toList();
      if (!from.isEmpty()) {
        signals.add(new LayerLens("lens" + suffix, from, logits, position, 2, List.of()));
      }
    }
  }
}
