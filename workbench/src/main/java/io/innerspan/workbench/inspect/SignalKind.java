package io.innerspan.workbench.inspect;

import java.util.Locale;

/** A kind of signal, with what an example of it is whose cost is measured. */
public enum SignalKind {
  LINEAR_PROBE("probes", "one, mean pooling"),
  MLP_PROBE("probes", "one hidden layer of 64"),
  ATTENTION_PROBE("probes", "4 heads"),
  ACTIVATION_SUMMARY("summary", "all statistics of one layer"),
  POPULATION_DISTANCE("distance", "8 components"),
  SAE_FEATURES("sae", "pooled, 8 times the width"),
  ATTENTION_SUMMARY("attention", "all heads of one layer"),
  LAYER_LENS("lens", "all layers, logit lens"),
  OUTPUT_CONFIDENCE("confidence", "of logits");

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
