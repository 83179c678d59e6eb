package io.innerspan.recorder;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.AttentionSummary;
import io.innerspan.signals.FeatureDictionary;
import io.innerspan.signals.Floats;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LayerLens;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.PopulationDistance;
import io.innerspan.signals.Position;
import io.innerspan.signals.Sae;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.TokenSelection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A signal of each kind, as small as can be. */
final class Kinds {
  private static final HookPoint PLACE = new HookPoint("blocks.4.hook_resid_post");
  private static final HookPoint LOGITS = new HookPoint("logits");
  private static final int FEATURES = 200;

  static ActivationSummary summary(String id) {
    return new ActivationSummary(
        id,
        PLACE,
        new HookPoint("blocks.3.hook_resid_post"),
        EnumSet.allOf(ActivationSummary.Statistic.class));
  }

  static AttentionSummary attention(String id, int heads) {
    return new AttentionSummary(id, new HookPoint("blocks.4.attn.hook_pattern"), heads, false);
  }

  static LayerLens lens(String id, int layers) {
    return new LayerLens(
        id, Collections.nCopies(layers, PLACE), LOGITS, Position.LAST, 2, List.of());
  }

  /** Two features are told, token by token; the first of the dictionary is called "greeting". */
  static SaeFeatures sae(String id, String... watched) {
    FeatureDictionary dictionary = new FeatureDictionary("gpt2/4-res", Map.of(7, "greeting"));
    return sae(id, SaeFeatures.Scope.TOKENS, dictionary, watched);
  }

  static SaeFeatures plainSae(String id) {
    return sae(id, SaeFeatures.Scope.POOLED, FeatureDictionary.NONE);
  }

  private static SaeFeatures sae(
      String id, SaeFeatures.Scope scope, FeatureDictionary dictionary, String... watched) {
    Floats weights = Floats.of("w", new float[FEATURES]);
    Sae sae =
        new Sae(
            1,
            FEATURES,
            new Sae.Activation.Standard(weights),
            Sae.Normalization.NONE,
            false,
            weights,
            weights,
            Floats.of("b", new float[1]));
    List<SaeFeatures.Watched> names =
        IntStream.range(0, watched.length)
            .mapToObj(i -> new SaeFeatures.Watched(i, watched[i]))
            .toList();
    return new SaeFeatures(id, PLACE, TokenSelection.ALL, sae, scope, 2, names, dictionary);
  }

  /** With a probe, the one that should agree with answer 1. */
  static OutputConfidence confidence(String id, @Nullable String probe) {
    return new OutputConfidence(
        id,
        LOGITS,
        Position.LAST,
        1,
        probe == null ? null : new OutputConfidence.Disagreement(probe, 1));
  }

  static PopulationDistance distance(String id) {
    return new PopulationDistance(
        id,
        PLACE,
        Pooling.MEAN,
        Floats.of("mean", new float[] {0, 0}),
        Floats.of("components", new float[] {1, 0}),
        Floats.of("variances", new float[] {1}),
        1);
  }

  private Kinds() {}
}
