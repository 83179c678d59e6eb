package io.innerspan.workbench.sae;

import io.innerspan.signals.Sae;
import io.innerspan.workbench.store.Rows;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What an autoencoder makes of texts.
 *
 * @param mean each text's features, averaged over the tokens that take part
 * @param greatest each text's features, the greatest of those tokens'
 * @param heldOut how well held-out texts are reconstructed
 * @param l0 active features per token of held-out texts
 * @param alive the share of features that are active on any token
 */
public record DictionaryReading(
    FeatureColumns mean, FeatureColumns greatest, Reconstruction heldOut, double l0, double alive) {
  /**
   * Reads texts.
   *
   * @param rows the activations of all texts' tokens, one text after another
   * @param first text i's tokens are the rows {@code first[i]} to {@code first[i + 1]}
   * @param takesPart by row
   * @param held by text, whether it is held out
   */
  public static DictionaryReading of(
      Sae sae, Rows rows, int[] first, boolean[] takesPart, boolean[] held) {
    int texts = held.length;
    FeatureColumns.Builder mean = new FeatureColumns.Builder(sae.features());
    FeatureColumns.Builder greatest = new FeatureColumns.Builder(sae.features());
    FeatureSums sums = new FeatureSums(sae.features());
    FeatureSums most = new FeatureSums(sae.features());
    try (SaeEncoder encoder = new SaeEncoder(sae)) {
      for (int text = 0; text < texts; text++) {
        int[] tokens = tokens(first, takesPart, text);
        if (tokens.length > 0) {
          SparseCode code = encoder.encode(rows.gather(tokens, 0, tokens.length));
          for (int i = 0; i < code.size(); i++) {
            int feature = code.features()[i];
            sums.add(feature, code.values()[i] / tokens.length);
            most.raise(feature, code.values()[i]);
          }
          sums.flush(text, 1, mean);
          most.flush(text, 1, greatest);
        }
      }
      Rows heldOut = rows.only(tokens(first, takesPart, held, true));
      return new DictionaryReading(
          mean.build(texts),
          greatest.build(texts),
          Reconstruction.of(heldOut, encoder.batch(), encoder::reconstruct),
          Activity.of(encoder, heldOut).l0(),
          Activity.of(encoder, rows.only(tokens(first, takesPart))).alive());
    }
  }

  /** A random dictionary for these activations, with as many active features. */
  public static Sae random(Rows rows, int features, int active, long seed) {
    return RandomDictionary.of(rows, features, Math.max(1, Math.min(active, features)), seed);
  }

  private static int[] tokens(int[] first, boolean[] takesPart, int text) {
    return IntStream.range(first[text], first[text + 1]).filter(row -> takesPart[row]).toArray();
  }

  private static int[] tokens(int[] first, boolean[] takesPart) {
    return IntStream.range(0, first[first.length - 1]).filter(row -> takesPart[row]).toArray();
  }

  private static int[] tokens(int[] first, boolean[] takesPart, boolean[] held, boolean wanted) {
    return IntStream.range(0, held.length)
        .filter(text -> held[text] == wanted)
        .flatMap(text -> Arrays.stream(tokens(first, takesPart, text)))
        .toArray();
  }
}
