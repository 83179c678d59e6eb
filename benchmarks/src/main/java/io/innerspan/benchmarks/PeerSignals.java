package io.innerspan.benchmarks;

import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Signal;
import java.util.ArrayList;
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
  /** All statistics of every layer's output. */
  SUMMARIES,
  /** Entropy, first token's share and mean distance of every layer and head. */
  ATTENTION,
  /** An autoencoder of 3,072 features on each layer's mean activation. */
  FEATURES,
  /** All of them. */
  ALL;

  private static final int LAYERS = 6;

  String label() {
    return name().toLowerCase(Locale.ROOT);
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
      case SUMMARIES -> RandomSignals.of(SignalSet.SUMMARIES);
      case ATTENTION -> RandomSignals.of(SignalSet.ATTENTION);
      case FEATURES -> RandomSignals.of(SignalSet.FEATURES_POOLED);
      case ALL -> {
        List<Signal> all = new ArrayList<>();
        for (PeerSignals each : List.of(PROBES, SUMMARIES, ATTENTION, FEATURES)) {
          all.addAll(each.signals());
        }
        yield all;
      }
    };
  }
}
