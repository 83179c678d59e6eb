package io.innerspan.workbench.inspect;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A kind of signal, with what an example of it is whose cost is measured; and forms of a kind that
 * cost something else.
 */
public enum SignalKind {
  LINEAR_PROBE("probes", "mean pooling"),
  LINEAR_PROBE_EMA("probes", "EMA pooling"),
  LINEAR_PROBE_ROLLING("probes", "rolling max of 10"),
  MLP_PROBE("probes", "64 hidden"),
  ATTENTION_PROBE("probes", "4 heads"),
  ACTIVATION_SUMMARY("summary", "all statistics"),
  POPULATION_DISTANCE("distance", "8 components"),
  SAE_FEATURES("sae", "8 x the width"),
  SAE_FEATURES_TOKENS("sae", "each token"),
  ATTENTION_SUMMARY("attention", "all heads"),
  LAYER_LENS("lens", "all layers, logit lens"),
  TUNED_LENS("lens", "all layers, a translator for each"),
  OUTPUT_CONFIDENCE("confidence", "last token");

  private final String group;
  private final String example;

  SignalKind(String group, String example) {
    this.group = group;
    this.example = example;
  }

  /** Whether it reads the outputs of all layers. */
  boolean isLens() {
    return this == LAYER_LENS || this == TUNED_LENS;
  }

  /** Where its example reads, to be said after what it is; nothing of one that reads all layers. */
  public String at(@Nullable String site) {
    return isLens() || site == null ? "" : ", " + site;
  }

  /** The kind's name in a pack, with the form where there are several. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** A short word for the kind and its like. */
  public String group() {
    return group;
  }

  /** The example whose cost is measured. */
  public String example() {
    return example;
  }
}
