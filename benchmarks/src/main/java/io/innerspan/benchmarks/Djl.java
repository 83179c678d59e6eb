package io.innerspan.benchmarks;

import io.innerspan.benchmarks.DjlPlan.Comparison;
import io.innerspan.benchmarks.DjlPlan.WarmUp;
import io.innerspan.benchmarks.OverheadPlan.Rounds;
import io.innerspan.benchmarks.application.DjlModels;
import io.innerspan.benchmarks.application.InferenceLoop;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Measures what signals cost in DJL's predictions. */
final class Djl {
  private static final long SEED = 20_261_121;
  private static final int WARM_UP_BLOCK = 500;
  private static final int WARM_UP_RUNS = 200;

  private final DjlFiles files;
  private final DjlPlan plan;
  private final Set<DjlEngine> engines;
  private final Random random = new Random(SEED);

  Djl(DjlFiles files, DjlPlan plan, Set<DjlEngine> engines) {
    this.files = files;
    this.plan = plan;
    this.engines = engines;
  }

  List<DjlCell> measure() throws Exception {
    Progress.say("making models and packs");
    files.makeModels();
    List<DjlCell> cells = new ArrayList<>();
    for (DjlEngine engine : engines) {
      writePacks(engine);
      List<List<Map<DjlConfiguration, List<PairedRound>>>> generations = new ArrayList<>();
      for (int generation = 1; generation <= plan.generations(); generation++) {
        Progress.say(engine.label() + ", generation " + generation + " of " + plan.generations());
        generations.add(measure(engine));
      }
      for (int i = 0; i < plan.comparisons().size(); i++) {
        int comparison = i;
        cells.addAll(
            DjlCell.all(
                engine,
                plan.comparisons().get(i),
                generations.stream().map(generation -> generation.get(comparison)).toList()));
      }
    }
    return cells;
  }

  private void writePacks(DjlEngine engine) throws Exception {
    for (DjlConfiguration configuration : DjlConfiguration.values()) {
      if (!configuration.hasPack()) {
        continue;
      }
      if (engine.isPyTorch()) {
        DjlPack.write(
            files.pack(engine, configuration),
            files.model(engine),
            configuration.signals(),
            files.folder().resolve(DjlModels.ACTIVATIONS));
      } else {
        RandomPack.write(
            files.pack(engine, configuration), files.model(engine), configuration.signals());
      }
    }
  }

  /** What each comparison of the plan gives, in their order. */
  private List<Map<DjlConfiguration, List<PairedRound>>> measure(DjlEngine engine)
      throws Exception {
    List<Map<DjlConfiguration, List<PairedRound>>> measured = new ArrayList<>();
    try (TelemetrySink receiver = new TelemetrySink()) {
      Map<DjlConfiguration, Child> children = new EnumMap<>(DjlConfiguration.class);
      try {
        start(engine, receiver.address(), children);
        for (Comparison comparison : plan.comparisons()) {
          measured.add(measure(comparison, children));
        }
      } finally {
        for (Child child : children.values()) {
          child.close();
        }
      }
      requireScores(receiver);
    }
    return measured;
  }

  private Map<DjlConfiguration, List<PairedRound>> measure(
      Comparison comparison, Map<DjlConfiguration, Child> children) throws IOException {
    Map<DjlConfiguration, Child> compared = new EnumMap<>(children);
    compared
        .keySet()
        .removeIf(each -> each != comparison.baseline() && !comparison.others().contains(each));
    PairedBlocks<DjlConfiguration> blocks = new PairedBlocks<>(compared, comparison.baseline());
    Rounds rounds = comparison.rounds();
    Map<DjlConfiguration, List<PairedRound>> measured = new EnumMap<>(DjlConfiguration.class);
    for (int i = 0; i < rounds.rounds(); i++) {
      blocks
          .round(rounds.shape(), 1, rounds.runs(), random)
          .forEach(
              (configuration, round) ->
                  measured.computeIfAbsent(configuration, c -> new ArrayList<>()).add(round));
    }
    return measured;
  }

  /** Starts the JVMs and warms them up, as many at once as there are processors. */
  private void start(DjlEngine engine, URI receiver, Map<DjlConfiguration, Child> children)
      throws Exception {
    ExecutorService starters =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      Map<DjlConfiguration, Future<Child>> starting = new EnumMap<>(DjlConfiguration.class);
      List<DjlConfiguration> order = new ArrayList<>(List.of(DjlConfiguration.values()));
      Collections.shuffle(order); // What memory a JVM gets depends on which began before it.
      for (DjlConfiguration configuration : order) {
        Callable<Child> start = () -> start(engine, configuration, receiver);
        starting.put(configuration, starters.submit(start));
      }
      for (Map.Entry<DjlConfiguration, Future<Child>> started : starting.entrySet()) {
        children.put(started.getKey(), started.getValue().get());
      }
    } finally {
      starters.shutdown();
    }
  }

  private Child start(DjlEngine engine, DjlConfiguration configuration, URI receiver)
      throws IOException, InterruptedException {
    Child child =
        new Child(
            engine.label() + " " + configuration.label(),
            files.command(engine, configuration, receiver));
    child.await(InferenceLoop.READY);
    if (configuration.hasPack()) {
      child.awaitReadings();
    }
    warmUp(child);
    return child;
  }

  private void warmUp(Child child) throws IOException {
    WarmUp enough = plan.warmUp();
    double end = Progress.seconds() + enough.seconds();
    for (int done = 0;
        done < enough.predictions() || Progress.seconds() < end;
        done += WARM_UP_BLOCK) {
      PairedBlocks.block(child, DjlPlan.SHORTEST, 1, WARM_UP_BLOCK);
    }
    for (Comparison comparison : plan.comparisons()) {
      PairedBlocks.block(child, comparison.rounds().shape(), 1, WARM_UP_RUNS);
    }
  }

  /** A benchmark of readings that never came would prove nothing. */
  private static void requireScores(TelemetrySink receiver) {
    for (DjlConfiguration configuration : DjlConfiguration.values()) {
      if (receiver.sawScores(configuration.label()) != configuration.hasScores()) {
        throw new IllegalStateException(
            configuration.label()
                + ": expected "
                + (configuration.hasScores() ? "scores" : "no scores")
                + " in its telemetry");
      }
    }
  }
}
