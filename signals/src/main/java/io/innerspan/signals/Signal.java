package io.innerspan.signals;

import java.util.List;

/** Something computed inside a model that gives one or more values per row of a batch. */
public sealed interface Signal
    permits Probe,
        ActivationSummary,
        AttentionSummary,
        LayerLens,
        SaeFeatures,
        OutputConfidence,
        PopulationDistance {
  /** The signal's id, unique among all signals of a JVM: {@code [a-z][a-z0-9_]*}. */
  String id();

  /** Where in the model the signal looks, or where it looks first. */
  HookPoint hookPoint();

  /** Every place in the model where the signal looks. */
  default List<HookPoint> hookPoints() {
    return List.of(hookPoint());
  }

  /** Which of the real tokens the signal looks at; a row that has none of them has no value. */
  default TokenSelection tokens() {
    return TokenSelection.ALL;
  }

  /** What the signal's values per row are called, in the order of their columns in a reading. */
  List<String> columnNames();
}
