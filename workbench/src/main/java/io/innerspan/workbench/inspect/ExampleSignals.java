package io.innerspan.workbench.inspect;

import io.innerspan.onnxruntime.graft.TapPoint;
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
import java.util.EnumSet;
import java.util.List;
import java.util.Random;

/** Signals with seeded random weights: what they say means nothing, what they cost does. */
final class ExampleSignals {
  /** No autoencoder has a greater matrix. */
  private static final int MOST_WEIGHTS = 1 << 22;

  private static final int HIDDEN = 64;
  private static final int HEADS = 4;
  private static final int COMPONENTS = 8;
  private static final int FEATURES_PER_DIMENSION = 8;
  private static final int TOP = 5;
  private static final int WINDOW = 10;
  private static final String ID = "example";

  private final boolean small;
  private final Random random = new Random(1);

  private ExampleSignals(boolean small) {
    this.small = small;
  }

  /** As small as can be, to ask whether they can be compiled. */
  static ExampleSignals smallest() {
    return new ExampleSignals(true);
  }

  /** Of the size that {@link SignalKind#example} tells, to be measured. */
  static ExampleSignals typical() {
    return new ExampleSignals(false);
  }

  /** A signal that reads one place, which has a known width. */
  Signal at(SignalKind kind, TapPoint tap) {
    HookPoint place = tap.hookPoint();
    int width = (int) tap.width();
    return switch (kind) {
      case LINEAR_PROBE -> linear(place, Pooling.MEAN, width);
      case LINEAR_PROBE_EMA -> linear(place, Pooling.ema(0.5), width);
      case LINEAR_PROBE_ROLLING -> linear(place, Pooling.rollingMax(WINDOW), width);
      case MLP_PROBE -> {
        int hidden = small ? 1 : HIDDEN;
        Mlp.Layer layer = new Mlp.Layer(values(hidden * width), values(hidden));
        yield new MlpProbe(new Mlp(List.of(layer)), linear(place, Pooling.MEAN, hidden));
      }
      case ATTENTION_PROBE -> attention(place, width);
      case ACTIVATION_SUMMARY ->
          new ActivationSummary(
              ID, place, null, EnumSet.complementOf(EnumSet.of(Statistic.COSINE_TO_PREVIOUS)));
      case POPULATION_DISTANCE -> distance(place, width);
      case SAE_FEATURES -> features(place, SaeFeatures.Scope.POOLED, width);
      case SAE_FEATURES_TOKENS -> features(place, SaeFeatures.Scope.TOKENS, width);
      case ATTENTION_SUMMARY -> new AttentionSummary(ID, place, heads(tap), true);
      case OUTPUT_CONFIDENCE -> new OutputConfidence(ID, place, Position.LAST, 1, null);
      case LAYER_LENS, TUNED_LENS ->
          throw new IllegalArgumentException("a lens reads more than one place");
    };
  }

  /** A logit lens of layers. */
  static Signal lens(List<HookPoint> layers, HookPoint logits, int top) {
    return new LayerLens(ID, layers, logits, Position.LAST, top, List.of());
  }

  /** A tuned lens of layers that are as wide. */
  Signal tunedLens(List<HookPoint> layers, HookPoint logits, int top, int width) {
    List<LayerLens.Translator> translators = new ArrayList<>();
    for (int layer = 0; layer < layers.size(); layer++) {
      translators.add(new LayerLens.Translator(floats(width * width), floats(width)));
    }
    return new LayerLens(ID, layers, logits, Position.LAST, top, translators);
  }

  private static int heads(TapPoint tap) {
    var shape = tap.tensor().shape();
    return shape != null && shape.size() == 4 && shape.get(1).isFixed()
        ? (int) Math.max(1, shape.get(1).size())
        : 1;
  }

  private LinearProbe linear(HookPoint place, Pooling pooling, int width) {
    return new LinearProbe(
        ID, place, pooling, values(width), 0, new Calibration.None(), null, "yes", "no");
  }

  private AttentionProbe attention(HookPoint place, int width) {
    int heads = small ? 1 : HEADS;
    return new AttentionProbe(
        ID,
        place,
        null,
        AttentionProbe.Rule.ATTENTION,
        heads,
        values(heads * width),
        values(heads * width),
        0,
        new Calibration.None(),
        null,
        "yes",
        "no");
  }

  /** Its components are the first axes of the space. */
  private PopulationDistance distance(HookPoint place, int width) {
    int rank = small ? 1 : Math.min(COMPONENTS, width);
    float[] axes = new float[rank * width];
    float[] variances = new float[rank];
    for (int k = 0; k < rank; k++) {
      axes[k * width + k] = 1;
      variances[k] = 1;
    }
    return new PopulationDistance(
        ID,
        place,
        Pooling.MEAN,
        Floats.of("mean", values(width)),
        Floats.of("components", axes),
        Floats.of("variances", variances),
        1);
  }

  private SaeFeatures features(HookPoint place, SaeFeatures.Scope scope, int width) {
    int most = Math.max(1, MOST_WEIGHTS / width);
    int features = small ? 1 : Math.min(FEATURES_PER_DIMENSION * width, most);
    Sae sae =
        new Sae(
            width,
            features,
            new Sae.Activation.Standard(floats(features)),
            Sae.Normalization.NONE,
            false,
            floats(features * width),
            floats(features * width),
            floats(width));
    int top = Math.min(small ? 1 : TOP, features);
    return new SaeFeatures(ID, place, sae, scope, top, List.of());
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
