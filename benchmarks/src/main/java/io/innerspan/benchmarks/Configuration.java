package io.innerspan.benchmarks;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What runs in a measured JVM beside the application. */
enum Configuration {
  /** No agent. */
  UNMODIFIED("unmodified"),
  /** The plain upstream agent: the baseline. */
  PLAIN_AGENT("plain-agent"),
  /** The plain upstream agent in a second JVM: what the ratio of equals looks like. */
  AA("aa"),
  /** Innerspan without packs. */
  AGENT_ONLY("agent-only"),
  PROBES_1("probes-1", 1),
  PROBES_16("probes-16", 16),
  PROBES_384("probes-384", 384),
  /** One kind of signal on every layer, computed for every inference. */
  SUMMARIES("summaries", SignalSet.SUMMARIES),
  ATTENTION("attention", SignalSet.ATTENTION),
  FEATURES_POOLED("features-pooled", SignalSet.FEATURES_POOLED),
  FEATURES_TOKENS("features-tokens", SignalSet.FEATURES_TOKENS),
  CONFIDENCE("confidence", SignalSet.CONFIDENCE),
  POPULATION("population", SignalSet.POPULATION),
  MLP_PROBES("mlp-probes", SignalSet.MLP_PROBES),
  ATTENTION_PROBES("attention-probes", SignalSet.ATTENTION_PROBES),
  /** Those that are no part of {@link #PROBES_16}: of every pooling. */
  LINEAR_PROBES("linear-probes", SignalSet.LINEAR_PROBES),
  /** All of these, computed for every inference. */
  ALL_ALWAYS("all-always", SignalSet.ALL),
  /** All of these as they are by default: the dear ones sampled, under the governor. */
  ALL("all", SignalSet.ALL),
  /** As {@link #AA}, on the model with an unembedding. */
  LENS_AA("lens-aa"),
  /** What every layer would answer, computed for every inference of the same model. */
  LENS("lens", SignalSet.LENS),
  TUNED_LENS("tuned-lens", SignalSet.TUNED_LENS);

  /** What Innerspan adds to the upstream agent with probes. */
  static final List<Configuration> OURS = List.of(AGENT_ONLY, PROBES_1, PROBES_16, PROBES_384);

  /** What measures probes. */
  static final Set<Configuration> OF_PROBES =
      Collections.unmodifiableSet(EnumSet.range(UNMODIFIED, PROBES_384));

  /** What measures the other signals. */
  static final Set<Configuration> OF_SIGNALS;

  static {
    Set<Configuration> signals = EnumSet.range(SUMMARIES, ALL);
    signals.addAll(Set.of(PLAIN_AGENT, AA));
    OF_SIGNALS = Collections.unmodifiableSet(signals);
  }

  /** What measures those that need an unembedding. */
  static final Set<Configuration> OF_LENSES =
      Collections.unmodifiableSet(EnumSet.of(PLAIN_AGENT, LENS_AA, LENS, TUNED_LENS));

  /** What measures all signals under the governor. */
  static final Set<Configuration> OF_GOVERNED =
      Collections.unmodifiableSet(EnumSet.of(PLAIN_AGENT, AA, ALL));

  private final String label;
  private final int probes;
  private final @Nullable SignalSet signals;

  Configuration(String label) {
    this(label, 0, null);
  }

  Configuration(String label, int probes) {
    this(label, probes, null);
  }

  Configuration(String label, SignalSet signals) {
    this(label, 0, signals);
  }

  Configuration(String label, int probes, @Nullable SignalSet signals) {
    this.label = label;
    this.probes = probes;
    this.signals = signals;
  }

  String label() {
    return label;
  }

  int probes() {
    return probes;
  }

  /** The signals beside which there are no linear probes, or null. */
  @Nullable SignalSet signals() {
    return signals;
  }

  /** Whether there is a pack, and so a reading of each inference. */
  boolean hasPack() {
    return probes > 0 || signals != null;
  }

  /** The name of the pack's folder. */
  String pack() {
    return signals == null ? "probes-" + probes : signals.folder();
  }

  /** Whether signals are sampled, or computed for every inference whatever they cost. */
  boolean isGoverned() {
    return this == ALL;
  }

  boolean isOurs() {
    return compareTo(AGENT_ONLY) >= 0 && this != LENS_AA;
  }

  /**
   * The JVM's arguments. Both agents have the same settings: their defaults, but for the address of
   * the receiver.
   */
  List<String> jvmArguments(Installation installation, URI receiver) {
    List<String> arguments = new ArrayList<>(agentArguments(installation));
    if (this != UNMODIFIED) {
      arguments.add("-Dotel.exporter.otlp.endpoint=" + receiver + label);
    }
    return arguments;
  }

  /** The agent and its pack; nothing of where telemetry goes. */
  List<String> agentArguments(Installation installation) {
    Path agent = agent(installation);
    if (agent == null) {
      return List.of();
    }
    List<String> arguments =
        new ArrayList<>(List.of("-javaagent:" + agent, "-Dotel.service.name=benchmark"));
    if (hasPack()) {
      arguments.add("-Dotel.instrumentation.innerspan.packs=" + installation.pack(pack()));
    }
    if (signals != null && !isGoverned()) {
      arguments.add("-Dotel.instrumentation.innerspan.sampling-rate=1");
    }
    return arguments;
  }

  private @Nullable Path agent(Installation installation) {
    if (this == UNMODIFIED) {
      return null;
    }
    return isOurs() ? installation.innerspanAgent() : installation.upstreamAgent();
  }
}
