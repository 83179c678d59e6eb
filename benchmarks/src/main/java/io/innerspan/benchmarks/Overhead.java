package io.innerspan.benchmarks;

import io.innerspan.benchmarks.OverheadPlan.Rounds;
import java.io.IOException;
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
  private final Random random = new Random(SEED);
  private final Map<Key, Map<Configuration, List<List<PairedRound>>>> rounds =
      new LinkedHashMap<>();
  private final Map<Key, Map<Configuration, AddedCost>> added = new LinkedHashMap<>();

  private record Key(Shape shape, int threads) {}

  Overhead(Installation installation, OverheadPlan plan) {
    this.installation = installation;
    this.plan = plan;
  }

  List<OverheadCell> measure() throws Exception {
    for (Configuration configuration : plan.configurations()) {
      if (configuration.hasPack()) {
        Progress.say("making a pack: " + configuration.label());
        SignalSet signals = configuration.signals();
        RandomPack.write(
            installation.pack(configuration.pack()),
            installation.model(),
            signals == null ? RandomProbes.of(configuration.probes()) : RandomSignals.of(signals));
      }
    }
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
    AddedCosts costs = new AddedCosts(installation, plan.forks());
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
      try (Fleet fleet = Fleet.start(plan.configurations(), installation, receiver.address())) {
        for (int threads : plan.threads()) {
          for (Rounds shape : plan.shapes()) {
            Progress.say("rounds of " + shape.shape() + ", threads " + threads);
            fleet.settle(shape.shape());
            measureCell(fleet, shape, threads);
          }
        }
      }
      requireScores(receiver);
    }
  }

  private void measureCell(Fleet fleet, Rounds shape, int threads) throws IOException {
    Map<Configuration, List<PairedRound>> measured = new EnumMap<>(Configuration.class);
    int planned = shape.rounds() / threads; // Each thread brings its samples.
    for (int round = 0; round < planned; round++) {
      if (round >= planned / 3 && Progress.seconds() > plan.secondsForRounds()) {
        Progress.say("out of time after " + round + " rounds");
        break;
      }
      fleet
          .round(shape.shape(), threads, shape.runs(), random)
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

  /** A benchmark of readings that never came would prove nothing. */
  private void requireScores(TelemetrySink receiver) {
    for (Configuration configuration : plan.configurations()) {
      SignalSet signals = configuration.signals();
      boolean expected = configuration.probes() > 0 || (signals != null && signals.hasProbes());
      if (receiver.sawScores(configuration.label()) != expected) {
        throw new IllegalStateException(
            configuration.label()
                + ": expected "
                + (expected ? "scores" : "no scores")
                + " in its telemetry, found "
                + (expected ? "none" : "some"));
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
                            generations,
                            addedCost(configuration, key)))));
    return cells;
  }

  private @Nullable AddedCost addedCost(Configuration configuration, Key key) {
    return added.getOrDefault(addedKey(key.shape(), key.threads()), Map.of()).get(configuration);
  }
}
