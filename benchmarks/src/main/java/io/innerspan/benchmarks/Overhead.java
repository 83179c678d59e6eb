package io.innerspan.benchmarks;

import io.innerspan.benchmarks.OverheadPlan.Rounds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.RunnerException;

/** Measures what an inference costs in all configurations. */
final class Overhead {
  private static final long SEED = 20_261_102;

  private final Installation installation;
  private final OverheadPlan plan;
  private final SessionFiles files;
  private final Random random = new Random(SEED);
  private final Map<Key, Map<Configuration, List<List<PairedRound>>>> rounds =
      new LinkedHashMap<>();
  private final Map<Key, Map<Configuration, AddedCost>> added = new LinkedHashMap<>();

  private record Key(Shape shape, int threads) {}

  /**
   * @param model whose inferences are measured
   */
  Overhead(Installation installation, Path model, OverheadPlan plan) {
    this.installation = installation;
    this.plan = plan;
    this.files = new SessionFiles(model, installation.target().resolve("sessions/" + plan.name()));
  }

  List<OverheadCell> measure() throws Exception {
    files.write(plan.sessions());
    if (plan.forks() > 0) {
      measureAdded();
    }
    for (int generation = 1; generation <= plan.generations(); generation++) {
      measureGeneration(generation);
    }
    return cells();
  }

  /** What is added in Java depends on rows and threads, and not on the length of a text. */
  private void measureAdded() throws IOException, RunnerException {
    AddedCosts costs = new AddedCosts(installation, files, plan.forks());
    for (int threads : plan.threads()) {
      for (Rounds shape : plan.shapes()) {
        Key key = addedKey(shape.shape(), threads);
        if (!added.containsKey(key)) {
          added.put(key, costs.measure(shape.shape().batch(), threads));
        }
      }
    }
  }

  private static Key addedKey(Shape shape, int threads) {
    return new Key(new Shape(shape.batch(), 0), threads);
  }

  private void measureGeneration(int generation) throws Exception {
    try (TelemetrySink receiver = new TelemetrySink()) {
      Progress.say("starting all JVMs, generation " + generation + " of " + plan.generations());
      OverheadPrograms programs = new OverheadPrograms(plan, installation, files);
      try (Fleet<Configuration> fleet =
          Fleet.start(programs.starts(receiver.address(), random), random)) {
        for (int threads : plan.threads()) {
          for (Rounds shape : plan.shapes()) {
            Progress.say("rounds of " + shape.shape() + ", threads " + threads);
            programs.settle(fleet, shape.shape());
            measureCell(fleet, shape, threads);
          }
        }
      }
      requireReadings(receiver);
    }
  }

  private void measureCell(Fleet<Configuration> fleet, Rounds shape, int threads)
      throws IOException {
    Map<Configuration, List<PairedRound>> measured = new EnumMap<>(Configuration.class);
    int planned = shape.rounds() / threads; // Each thread brings its samples.
    for (int round = 0; round < planned; round++) {
      if (round >= planned / 3 && Progress.seconds() > plan.secondsForRounds()) {
        Progress.say("out of time after " + round + " rounds");
        break;
      }
      round(fleet, shape, threads)
          .forEach(
              (configuration, pair) ->
                  measured.computeIfAbsent(configuration, c -> new ArrayList<>()).add(pair));
    }
    Map<Configuration, List<List<PairedRound>>> all =
        rounds.computeIfAbsent(
            new Key(shape.shape(), threads), key -> new EnumMap<>(Configuration.class));
    measured.forEach(
        (configuration, pairs) ->
            all.computeIfAbsent(configuration, c -> new ArrayList<>()).add(pairs));
  }

  /** Measures everything once: JVMs, then sessions. */
  private Map<Configuration, PairedRound> round(
      Fleet<Configuration> fleet, Rounds shape, int threads) throws IOException {
    Map<Configuration, PairedRound> round = new EnumMap<>(Configuration.class);
    if (!plan.jvms().isEmpty()) {
      round.putAll(
          fleet
              .blocks(plan.jvms(), Configuration.PLAIN_AGENT)
              .round(shape.shape(), threads, shape.runs(), random));
    }
    round.putAll(
        fleet
            .blocks(plan.sessions(), Configuration.UNREAD)
            .round(shape.shape(), threads, shape.runs(), random));
    return round;
  }

  /** A benchmark of readings that never came would prove nothing. */
  private void requireReadings(TelemetrySink receiver) {
    for (Configuration configuration : plan.sessions()) {
      if (configuration.hasPack() && !receiver.sawReading(configuration.label())) {
        throw new IllegalStateException(
            configuration.label() + ": expected readings in its telemetry, found none");
      }
    }
  }

  private List<OverheadCell> cells() {
    List<OverheadCell> cells = new ArrayList<>();
    rounds.forEach(
        (key, byConfiguration) ->
            byConfiguration.forEach(
                (configuration, generations) ->
                    cells.add(
                        new OverheadCell(
                            configuration,
                            key.shape(),
                            key.threads(),
                            plan.sampling(),
                            generations,
                            addedCost(configuration, key)))));
    return cells;
  }

  private @Nullable AddedCost addedCost(Configuration configuration, Key key) {
    return added.getOrDefault(addedKey(key.shape(), key.threads()), Map.of()).get(configuration);
  }
}
