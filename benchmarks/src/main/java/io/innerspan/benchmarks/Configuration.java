package io.innerspan.benchmarks;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is measured: a JVM with its agent, or a session of a model in one JVM with Innerspan. */
enum Configuration {
  /** No agent. */
  UNMODIFIED("unmodified"),
  /** The plain upstream agent: what JVMs are compared with. */
  PLAIN_AGENT("plain-agent"),
  /** The plain upstream agent in a second JVM: what the ratio of equals looks like. */
  AA("aa"),
  /** Innerspan without packs. */
  AGENT_ONLY("agent-only"),
  /** A session on a model that no pack is for: what sessions are compared with. */
  UNREAD("unread"),
  /** A second session on it: what the ratio of equals looks like. */
  UNREAD_AA("unread-aa"),
  PROBES_1("probes-1", 1),
  PROBES_16("probes-16", 16),
  PROBES_384("probes-384", 384),
  /** One kind of signal on every layer. */
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
  /** The same with the budget for every signal. */
  ALL_STRICT("all-strict", SignalSet.ALL),
  /** What every layer would answer, of the model with an unembedding. */
  LENS("lens", SignalSet.LENS),
  TUNED_LENS("tuned-lens", SignalSet.TUNED_LENS);

  /** What Innerspan adds to the upstream agent with probes. */
  static final List<Configuration> OURS = List.of(AGENT_ONLY, PROBES_1, PROBES_16, PROBES_384);

  /** JVMs that are measured. */
  static final Set<Configuration> JVMS =
      Collections.unmodifiableSet(EnumSet.range(UNMODIFIED, AGENT_ONLY));

  /** Sessions that measure probes. */
  static final Set<Configuration> OF_PROBES =
      Collections.unmodifiableSet(EnumSet.range(UNREAD, PROBES_384));

  /** Sessions that measure the other signals. */
  static final Set<Configuration> OF_SIGNALS;

  static {
    Set<Configuration> signals = EnumSet.range(SUMMARIES, LINEAR_PROBES);
    signals.addAll(Set.of(UNREAD, UNREAD_AA));
    OF_SIGNALS = Collections.unmodifiableSet(signals);
  }

  /** Sessions that measure those that need an unembedding. */
  static final Set<Configuration> OF_LENSES =
      Collections.unmodifiableSet(EnumSet.of(UNREAD, UNREAD_AA, LENS, TUNED_LENS));

  /** Sessions that measure all signals at once, computed for every inference. */
  static final Set<Configuration> OF_ALL_ALWAYS =
      Collections.unmodifiableSet(EnumSet.of(UNREAD, UNREAD_AA, ALL_ALWAYS));

  /** Sessions that measure all signals at once, sampled. */
  static final Set<Configuration> OF_ALL =
      Collections.unmodifiableSet(EnumSet.of(UNREAD, UNREAD_AA, ALL));

  /** Sessions that measure all signals at once, within the budget. */
  static final Set<Configuration> OF_ALL_STRICT =
      Collections.unmodifiableSet(EnumSet.of(UNREAD, UNREAD_AA, ALL_STRICT));

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

  /** The name of a session's model. */
  String model() {
    return this == UNREAD_AA ? UNREAD.label : label;
  }

  /** Whether it is a session beside others in one JVM, or a JVM of its own. */
  boolean isSession() {
    return compareTo(UNREAD) >= 0;
  }

  /** What it is compared with. */
  Configuration against() {
    return isSession() ? UNREAD : PLAIN_AGENT;
  }

  boolean isOurs() {
    return compareTo(AGENT_ONLY) >= 0;
  }

  /**
   * The arguments of its JVM, without packs. Both agents have the same settings: their defaults,
   * but for the address of the receiver.
   */
  List<String> jvmArguments(Installation installation, URI receiver) {
    List<String> arguments = new ArrayList<>(agentArguments(installation));
    if (this != UNMODIFIED) {
      arguments.add("-Dotel.exporter.otlp.endpoint=" + receiver);
    }
    return arguments;
  }

  /** The agent; nothing of packs and of where telemetry goes. */
  List<String> agentArguments(Installation installation) {
    if (this == UNMODIFIED) {
      return List.of();
    }
    Path agent = isOurs() ? installation.innerspanAgent() : installation.upstreamAgent();
    return List.of("-javaagent:" + agent, "-Dotel.service.name=benchmark");
  }

  /** The argument that names a pack, or a folder of packs. */
  static String packs(Path folder) {
    return "-Dotel.instrumentation.innerspan.packs=" + folder;
  }
}
