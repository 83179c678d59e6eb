package io.innerspan.benchmarks;

import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Signal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

/** What a model computes beside its outputs when two engines are compared. */
enum PeerSignals {
  /** Nothing: the baseline. */
  PLAIN,
  /** Nothing, in a second program: what the ratio of equals looks like. */
  AA,
  /** A linear probe of each layer's mean activation. */
  PROBES,
  /** Linear probes of every pooling. */
  POOLINGS,
  /** A probe with a hidden layer on each layer. */
  MLP_PROBES,
  /** An attention probe on each layer, of each rule by turns. */
  ATTENTION_PROBES,
  /** All statistics of every layer's output. */
  SUMMARIES,
  /** Entropy, first token's share and mean distance of every layer and head. */
  ATTENTION,
  /** An autoencoder of 3,072 features on each layer's mean activation. */
  FEATURES,
  /** The same on each token of one layer. */
  FEATURES_TOKENS,
  /** Of the output's last token, as if it were logits. */
  CONFIDENCE,
  /** The distance of each layer's mean activation. */
  POPULATION,
  /** All of them. */
  ALL;

  private static final int LAYERS = 6;

  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  boolean isPlain() {
    return this == PLAIN || this == AA;
  }

  /** The same signals every time. */
  List<Signal> signals() {
    return switch (this) {
      case PLAIN, AA -> List.of();
      case PROBES -> {
        List<LinearProbe> probes = RandomProbes.of(LAYERS);
        yield List.copyOf(probes);
      }
      case POOLINGS -> RandomSignals.of(SignalSet.LINEAR_PROBES);
      case MLP_PROBES -> RandomSignals.of(SignalSet.MLP_PROBES);
      case ATTENTION_PROBES -> RandomSignals.of(SignalSet.ATTENTION_PROBES);
      case SUMMARIES -> RandomSignals.of(SignalSet.SUMMARIES);
      case ATTENTION -> RandomSignals.of(SignalSet.ATTENTION);
      case FEATURES -> RandomSignals.of(SignalSet.FEATURES_POOLED);
      case FEATURES_TOKENS -> RandomSignals.of(SignalSet.FEATURES_TOKENS);
      case CONFIDENCE -> RandomSignals.of(SignalSet.CONFIDENCE);
      case POPULATION -> RandomSignals.of(SignalSet.POPULATION);
      case ALL -> {
        List<Signal> all = new ArrayList<>();
        for (PeerSignals each : EnumSet.range(PROBES, POPULATION)) {
          all.addAll(each.signals());
        }
        yield all;
      }
    };
  }
}
