package io.innerspan.signals;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the features of a sparse autoencoder are called. Immutable.
 *
 * @param neuronpedia where <a href="https://www.neuronpedia.org">Neuronpedia</a> describes them,
 *     {@code {modelId}/{layer}-{sourceSet}} such as {@code gpt2-small/4-res-jb}, or null
 * @param labels what people call a feature, by its index; 1 to 200 characters each
 */
public record FeatureDictionary(@Nullable String neuronpedia, Map<Integer, String> labels) {
  /** Nothing is known. */
  public static final FeatureDictionary NONE = new FeatureDictionary(null, Map.of());

  private static final Pattern NEURONPEDIA =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}/[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final int MAX_LABEL = 200;

  public FeatureDictionary {
    if (neuronpedia != null && !NEURONPEDIA.matcher(neuronpedia).matches()) {
      throw new InvalidValueException(
          "neuronpedia", "an id such as gpt2-small/4-res-jb", "'" + neuronpedia + "'");
    }
    SortedMap<Integer, String> sorted = new TreeMap<>(labels);
    sorted.forEach((index, label) -> Checks.text("labels." + index, label, MAX_LABEL));
    labels = Collections.unmodifiableMap(sorted);
  }

  /** What people call a feature, or null. */
  public @Nullable String label(int feature) {
    return labels.get(feature);
  }

  /** A feature's address at Neuronpedia, {@code /gpt2-small/4-res-jb/123}, or null. */
  public @Nullable String pointer(int feature) {
    return neuronpedia == null ? null : "/" + neuronpedia + "/" + feature;
  }

  void requireBelow(int features) {
    for (int index : labels.keySet()) {
      if (index < 0 || index >= features) {
        throw new InvalidValueException("labels", "features below " + features, index);
      }
    }
  }
}
