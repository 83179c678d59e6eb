package io.innerspan.examples.signals;

import io.innerspan.signals.FeatureDictionary;
import io.innerspan.signals.Floats;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Sae;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.TokenSelection;
import io.innerspan.testing.models.InductionHead;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An autoencoder set by hand for the induction head, whose stream has four parts of 16 dimensions:
 * the token, its position, the token before it, and the prediction. A feature stands for one
 * dimension of a part; positions have none, so that something is left unexplained.
 */
final class InductionFeatures {
  private static final int PART = InductionHead.VOCABULARY;
  private static final int WIDTH = 4 * PART;

  /** What a part's dimensions mean; predictions come first, as do lower indices among equals. */
  private static final Map<Integer, String> PARTS =
      Map.of(0, "token %d is here", 2, "token %d came before", 3, "token %d is predicted");

  private InductionFeatures() {}

  static SaeFeatures of(String id, HookPoint place, int watchedToken) {
    int features = PARTS.size() * PART;
    float[] encoder = new float[WIDTH * features];
    float[] decoder = new float[features * WIDTH];
    Map<Integer, String> labels = new HashMap<>();
    int feature = 0;
    int predicted = 0;
    for (int part : new int[] {3, 0, 2}) {
      String meaning = PARTS.getOrDefault(part, "");
      for (int token = 0; token < PART; token++) {
        int dimension = part * PART + token;
        encoder[dimension * features + feature] = 1;
        decoder[feature * WIDTH + dimension] = 1;
        labels.put(feature, meaning.replace("%d", Integer.toString(token)));
        predicted = part == 3 && token == watchedToken ? feature : predicted;
        feature++;
      }
    }
    Sae sae =
        new Sae(
            WIDTH,
            features,
            new Sae.Activation.Standard(Floats.of("b_enc", new float[features])),
            Sae.Normalization.NONE,
            false,
            Floats.of("W_enc", encoder),
            Floats.of("W_dec", decoder),
            Floats.of("b_dec", new float[WIDTH]));
    return new SaeFeatures(
        id,
        place,
        TokenSelection.ALL,
        sae,
        SaeFeatures.Scope.TOKENS,
        5,
        List.of(new SaeFeatures.Watched(predicted, "token_" + watchedToken + "_predicted")),
        new FeatureDictionary(null, labels));
  }
}
