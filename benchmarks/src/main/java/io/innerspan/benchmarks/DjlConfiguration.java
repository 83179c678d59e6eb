package io.innerspan.benchmarks;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.ActivationSummary.Statistic;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Signal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What runs in a measured JVM beside an application on DJL. */
enum DjlConfiguration {
  /** The plain upstream agent: the baseline. */
  PLAIN_AGENT("plain-agent"),
  /** The plain upstream agent in a second JVM: what the ratio of equals looks like. */
  AA("aa"),
  /** Ours without a pack: the span and the duration of each prediction. */
  AGENT_ONLY("agent-only"),
  /** The same in a second JVM. */
  AGENT_ONLY_AA("agent-only-aa"),
  /** A probe and the norm after each of four layers, read of every prediction. */
  PROBES_NORMS("probes-norms"),
  /** All statistics of four layers, shut for every prediction. */
  GATED_OFF("gated-off");

  private static final int LAYERS = 4;
  private static final int WIDTH = 384;

  private final String label;

  DjlConfiguration(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  boolean isOurs() {
    return compareTo(AGENT_ONLY) >= 0;
  }

  boolean hasPack() {
    return compareTo(PROBES_NORMS) >= 0;
  }

  boolean hasScores() {
    return this == PROBES_NORMS;
  }

  /** What the pack has. */
  List<Signal> signals() {
    List<Signal> signals = new ArrayList<>();
    if (this == PROBES_NORMS) {
      signals.addAll(RandomProbes.of(LAYERS, LAYERS, WIDTH));
    }
    for (int layer = 0; hasPack() && layer < LAYERS; layer++) {
      HookPoint output = new HookPoint("blocks." + layer + ".hook_normalized_resid_post");
      Set<Statistic> all = EnumSet.complementOf(EnumSet.of(Statistic.COSINE_TO_PREVIOUS));
      signals.add(
          this == PROBES_NORMS
              ? ActivationSummary.norm("norm_" + layer, output)
              : new ActivationSummary("summary_" + layer, output, null, all));
    }
    return signals;
  }

  /** Whether dear signals are computed for every prediction, or for none. */
  int samplingRate() {
    return this == GATED_OFF ? 0 : 1;
  }
}
