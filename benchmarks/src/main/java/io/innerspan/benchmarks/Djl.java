package io.innerspan.benchmarks;

import io.innerspan.benchmarks.OverheadPlan.Rounds;
import io.innerspan.benchmarks.application.DjlModels;
import io.innerspan.benchmarks.application.InferenceLoop;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Measures what signals cost in DJL's predictions. */
final class Djl {
  private static final long SEED = 20_261_121;
  private static final int WARM_UP_RUNS = 100;

  private final DjlFiles files;
  private final DjlPlan plan;
  private final Random random = new Random(SEED);

  Djl(DjlFiles files, DjlPlan plan) {
    this.files = files;
    this.plan = plan;
  }

  List<DjlCell> measure() throws Exception {
    Progress.say("making models and packs");
    files.makeModels();
    List<DjlCell> cells = new ArrayList<>();
    for (DjlEngine engine : DjlEngine.values()) {
      writePacks(engine);
      List<Map<DjlConfiguration, List<PairedRound>>> generations = new ArrayList<>();
      for (int generation = 1; generation <= plan.generations(); generation++) {
        Progress.say(engine.label() + ", generation " + generation + " of " + plan.generations());
        generations.add(measure(engine));
      }
      cells.addAll(DjlCell.all(engine, plan.rounds().shape(), generations));
    }
    return cells;
  }

  private void writePacks(DjlEngine engine) throws Exception {
    for (DjlConfiguration configuration : DjlConfiguration.values()) {
      if (!configuration.isOurs()) {
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

  private Map<DjlConfiguration, List<PairedRound>> measure(DjlEngine engine) throws Exception {
    Map<DjlConfiguration, List<PairedRound>> measured = new EnumMap<>(DjlConfiguration.class);
    Rounds rounds = plan.rounds();
    try (TelemetrySink receiver = new TelemetrySink()) {
      Map<DjlConfiguration, Child> children = new EnumMap<>(DjlConfiguration.class);
      try {
        for (DjlConfiguration configuration : DjlConfiguration.values()) {
          children.put(configuration, start(engine, configuration, receiver.address()));
        }
        PairedBlocks<DjlConfiguration> blocks =
            new PairedBlocks<>(children, DjlConfiguration.PLAIN_AGENT);
        for (int i = 0; i < rounds.rounds(); i++) {
          blocks
              .round(rounds.shape(), 1, rounds.runs(), random)
              .forEach(
                  (configuration, round) ->
                      measured.computeIfAbsent(configuration, c -> new ArrayList<>()).add(round));
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

  private Child start(DjlEngine engine, DjlConfiguration configuration, URI receiver)
      throws IOException, InterruptedException {
    Child child =
        new Child(
            engine.label() + " " + configuration.label(),
            files.command(engine, configuration, receiver));
    child.await(InferenceLoop.READY);
    if (configuration.isOurs()) {
      child.awaitReadings();
    }
    PairedBlocks.block(child, plan.rounds().shape(), 1, WARM_UP_RUNS);
    return child;
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
