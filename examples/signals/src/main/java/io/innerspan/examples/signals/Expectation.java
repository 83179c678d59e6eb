package io.innerspan.examples.signals;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.AttentionSummary;
import io.innerspan.signals.LayerLens;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.PopulationDistance;
import io.innerspan.signals.Probe;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a signal must give.
 *
 * @param attributes names of attributes of the model's span
 * @param metrics names of histograms with a series of the signal
 */
record Expectation(List<String> attributes, List<String> metrics) {
  Expectation {
    attributes = List.copyOf(attributes);
    metrics = List.copyOf(metrics);
  }

  static Expectation of(Signal signal) {
    String id = signal.id();
    // Signal is sealed; patterns in switch come with a later Java.
    if (signal instanceof Probe) {
      return attributes("probe." + id, "score");
    }
    if (signal instanceof ActivationSummary summary) {
      return new Expectation(
          List.of(), summary.statistics().stream().map(Expectation::metric).toList());
    }
    if (signal instanceof AttentionSummary) {
      return attributes("attention." + id, "entropy", "first_token_share", "mean_distance");
    }
    if (signal instanceof LayerLens) {
      return attributes(
          "lens." + id, "decision_layer", "entropy", "kl", "rank", "answers", "probabilities");
    }
    if (signal instanceof SaeFeatures sae) {
      return features(sae);
    }
    if (signal instanceof OutputConfidence confidence) {
      List<String> values = new ArrayList<>(List.of("max_probability", "margin", "entropy"));
      if (confidence.disagreement() != null) {
        values.add("disagreement");
      }
      return attributes("confidence." + id, values.toArray(String[]::new));
    }
    if (signal instanceof PopulationDistance) {
      return attributes("population." + id, "distance");
    }
    throw new IllegalArgumentException("unknown kind of signal " + signal);
  }

  private static Expectation features(SaeFeatures sae) {
    List<String> attributes =
        new ArrayList<>(
            attributes(
                    "sae." + sae.id(),
                    "features",
                    "activations",
                    "active_features",
                    "reconstruction_error")
                .attributes());
    for (SaeFeatures.Watched watched : sae.watched()) {
      attributes.add("innerspan.feature." + sae.id() + "." + watched.name() + ".activation");
    }
    return new Expectation(attributes, List.of());
  }

  private static String metric(ActivationSummary.Statistic statistic) {
    String name =
        switch (statistic) {
          case L2_NORM -> "norm";
          case MEAN -> "mean_magnitude";
          case COSINE_TO_PREVIOUS -> "cosine_distance";
          case SPARSITY, KURTOSIS, LARGEST_SHARE -> statistic.name().toLowerCase(Locale.ROOT);
        };
    return "innerspan.activation." + name;
  }

  private static Expectation attributes(String of, String... names) {
    List<String> attributes = new ArrayList<>();
    for (String name : names) {
      attributes.add("innerspan." + of + "." + name);
    }
    return new Expectation(attributes, List.of());
  }
}
