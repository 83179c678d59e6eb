package io.innerspan.workbench.inspect;

import java.util.Locale;

/** A kind of signal, with what an example of it is whose cost is measured. */
public enum SignalKind {
  LINEAR_PROBE("probes", "mean pooling"),
  MLP_PROBE("probes", "64 hidden"),
  ATTENTION_PROBE("probes", "4 heads"),
  ACTIVATION_SUMMARY("summary", "all statistics"),
  POPULATION_DISTANCE("distance", "8 components"),
  SAE_FEATURES("sae", "8 x the width"),
  ATTENTION_SUMMARY("attention", "all heads"),
  LAYER_LENS("lens", "all layers, logit lens"),
  OUTPUT_CONFIDENCE("confidence", "last token");

  private final String group;
  private final String example;

  SignalKind(String group, String example) {
    this.group = group;
    this.example = example;
  }

  /** The kind's name in a pack. */
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
