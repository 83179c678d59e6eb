package io.innerspan.benchmarks;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.ActivationSummary.Statistic;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Signal;
import io.innerspan.signals.pack.Sampling;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What is measured of an application on DJL: a JVM with its agent, or a predictor of a model in one
 * JVM with Innerspan.
 */
enum DjlConfiguration {
  /** The plain upstream agent: the baseline. */
  PLAIN_AGENT("plain-agent"),
  /** The plain upstream agent in a second JVM: what the ratio of equals looks like. */
  AA("aa"),
  /** Ours without a pack: the span and the duration of each prediction. */
  AGENT_ONLY("agent-only"),
  /** A predictor of a model that no pack is for. */
  UNREAD("unread"),
  /** A second one of the same model: what the ratio of equals looks like. */
  UNREAD_AA("unread-aa"),
  /** A probe and the norm after each of four layers, read of every prediction. */
  PROBES_NORMS("probes-norms"),
  /** All statistics of four layers, shut for every prediction. */
  GATED_OFF("gated-off");

  /** JVMs that are compared with {@link #PLAIN_AGENT}. */
  static final Set<DjlConfiguration> JVMS =
      Collections.unmodifiableSet(EnumSet.range(PLAIN_AGENT, AGENT_ONLY));

  /** Predictors that are compared with {@link #UNREAD}, in one JVM. */
  static final Set<DjlConfiguration> PREDICTORS =
      Collections.unmodifiableSet(EnumSet.range(UNREAD, GATED_OFF));

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

  /** The name of a predictor's model. */
  String model() {
    return this == UNREAD_AA ? UNREAD.label : label;
  }

  /** What it is compared with. */
  DjlConfiguration against() {
    return PREDICTORS.contains(this) ? UNREAD : PLAIN_AGENT;
  }

  /** Whether its signals are computed for every prediction, or left to the sampling. */
  Sampling sampling() {
    return this == PROBES_NORMS ? Sampling.ALWAYS : Sampling.AUTO;
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
}
