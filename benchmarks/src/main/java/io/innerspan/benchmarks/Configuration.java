package io.innerspan.benchmarks;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What runs in a measured JVM beside the application. */
enum Configuration {
  /** No agent. */
  UNMODIFIED("unmodified", 0),
  /** The plain upstream agent: the baseline. */
  PLAIN_AGENT("plain-agent", 0),
  /** The plain upstream agent in a second JVM: what the ratio of equals looks like. */
  AA("aa", 0),
  /** Innerspan without packs. */
  AGENT_ONLY("agent-only", 0),
  PROBES_1("probes-1", 1),
  PROBES_16("probes-16", 16),
  PROBES_384("probes-384", 384);

  /** What Innerspan adds to the upstream agent. */
  static final List<Configuration> OURS = List.of(AGENT_ONLY, PROBES_1, PROBES_16, PROBES_384);

  private final String label;
  private final int probes;

  Configuration(String label, int probes) {
    this.label = label;
    this.probes = probes;
  }

  String label() {
    return label;
  }

  int probes() {
    return probes;
  }

  boolean isOurs() {
    return OURS.contains(this);
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
    if (probes > 0) {
      arguments.add("-Dotel.instrumentation.innerspan.packs=" + installation.pack(probes));
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
