package io.innerspan.benchmarks;

import com.google.gson.JsonObject;
import io.innerspan.benchmarks.application.FirstEmbedding;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** Measures how long a JVM takes until {@code main}, and until LangChain4j's first embedding. */
final class Startup {
  private static final List<Configuration> CONFIGURATIONS =
      List.of(
          Configuration.UNMODIFIED,
          Configuration.PLAIN_AGENT,
          Configuration.AGENT_ONLY,
          Configuration.PROBES_16);

  private static final long SEED = 20_261_103;
  private static final double MILLIS = 1e-6;

  private final Installation installation;
  private final int rounds;

  Startup(Installation installation, int rounds) {
    this.installation = installation;
    this.rounds = rounds;
  }

  /** Milliseconds from the start of the process. */
  private record Times(double begun, double embedded) {}

  void run(boolean json) throws Exception {
    RandomPack.write(
        pack(), installation.model(), RandomProbes.of(Configuration.PROBES_16.probes()));
    Map<Configuration, List<Times>> measured = measure();
    for (Configuration configuration : CONFIGURATIONS) {
      print(json, "main", configuration, estimates(measured, configuration, true));
      print(json, "first-embedding", configuration, estimates(measured, configuration, false));
    }
  }

  private Map<Configuration, List<Times>> measure() throws IOException {
    Map<Configuration, List<Times>> measured = new EnumMap<>(Configuration.class);
    Random random = new Random(SEED);
    try (TelemetrySink receiver = new TelemetrySink()) {
      for (int round = 0; round <= rounds; round++) {
        Progress.say("round " + round + " of " + rounds + (round == 0 ? ", not counted" : ""));
        List<Configuration> order = new ArrayList<>(CONFIGURATIONS);
        Collections.shuffle(order, random);
        for (Configuration configuration : order) {
          Times times = start(configuration, receiver.address());
          if (round > 0) { // Before, files were not in the operating system's cache.
            measured.computeIfAbsent(configuration, c -> new ArrayList<>()).add(times);
          }
        }
      }
    }
    return measured;
  }

  private Path pack() {
    return installation.pack(Configuration.PROBES_16.label());
  }

  private Times start(Configuration configuration, URI receiver) throws IOException {
    List<String> arguments = new ArrayList<>(configuration.jvmArguments(installation, receiver));
    if (configuration.hasPack()) {
      arguments.add(Configuration.packs(pack()));
    }
    long begin = System.nanoTime();
    Child child =
        new Child(configuration.label(), installation.command(arguments, FirstEmbedding.class));
    try {
      child.await(FirstEmbedding.BEGUN);
      long begun = System.nanoTime();
      child.await(FirstEmbedding.EMBEDDED);
      return new Times((begun - begin) * MILLIS, (System.nanoTime() - begin) * MILLIS);
    } finally {
      child.kill();
    }
  }

  /** The time itself, and the difference to the plain agent in the same round. */
  private static List<Estimate> estimates(
      Map<Configuration, List<Times>> measured, Configuration configuration, boolean begun) {
    double[] times = times(measured, configuration, begun);
    double[] baseline = times(measured, Configuration.PLAIN_AGENT, begun);
    List<Double> differences = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < times.length; i++) {
      values.add(times[i]);
      differences.add(times[i] - baseline[i]);
    }
    return List.of(estimate(values), estimate(differences));
  }

  private static double[] times(
      Map<Configuration, List<Times>> measured, Configuration configuration, boolean begun) {
    return measured.getOrDefault(configuration, List.of()).stream()
        .mapToDouble(begun ? Times::begun : Times::embedded)
        .toArray();
  }

  private static Estimate estimate(List<Double> values) {
    return Bootstrap.estimate(
        List.of(values),
        drawn -> Samples.median(drawn.stream().mapToDouble(Double::doubleValue).toArray()));
  }

  private void print(
      boolean json, String until, Configuration configuration, List<Estimate> estimates) {
    Estimate time = estimates.get(0);
    Estimate difference = estimates.get(1);
    if (json) {
      JsonObject line = new JsonObject();
      line.addProperty("benchmark", "startup");
      line.addProperty("config", configuration.label());
      line.addProperty("against", Configuration.PLAIN_AGENT.label());
      line.addProperty("until", until);
      line.addProperty("rounds", rounds);
      line.addProperty("ms", Math.round(time.value()));
      line.addProperty("added_ms", Math.round(difference.value()));
      line.addProperty("added_low", Math.round(difference.low()));
      line.addProperty("added_high", Math.round(difference.high()));
      System.out.println(line);
    } else {
      System.out.println(
          String.format(
              Locale.ROOT,
              "%-12s until %-16s %5.0f ms, against %s %+.0f ms [%+.0f, %+.0f]",
              configuration.label(),
              until,
              time.value(),
              Configuration.PLAIN_AGENT.label(),
              difference.value(),
              difference.low(),
              difference.high()));
    }
  }
}
