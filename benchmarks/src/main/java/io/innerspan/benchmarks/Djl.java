package io.innerspan.benchmarks;

import io.innerspan.benchmarks.DjlPlan.WarmUp;
import io.innerspan.benchmarks.OverheadPlan.Rounds;
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
    files.write(engines);
    List<DjlCell> cells = new ArrayList<>();
    for (DjlEngine engine : engines) {
      List<List<Map<DjlConfiguration, List<PairedRound>>>> generations = new ArrayList<>();
      for (int generation = 1; generation <= plan.generations(); generation++) {
        Progress.say(engine.label() + ", generation " + generation + " of " + plan.generations());
        generations.add(measure(engine));
      }
      for (int i = 0; i < plan.shapes().size(); i++) {
        int shape = i;
        cells.addAll(
            DjlCell.all(
                engine,
                plan.shapes().get(i).shape(),
                generations.stream().map(generation -> generation.get(shape)).toList()));
      }
    }
    return cells;
  }

  /** What each shape of the plan gives, in their order. */
  private List<Map<DjlConfiguration, List<PairedRound>>> measure(DjlEngine engine)
      throws Exception {
    List<Map<DjlConfiguration, List<PairedRound>>> measured = new ArrayList<>();
    try (TelemetrySink receiver = new TelemetrySink()) {
      try (Fleet<DjlConfiguration> fleet =
          Fleet.start(starts(engine, receiver.address()), random)) {
        for (Rounds shape : plan.shapes()) {
          measured.add(measure(fleet, shape));
        }
      }
      requireReadings(receiver);
    }
    return measured;
  }

  private Map<DjlConfiguration, List<PairedRound>> measure(
      Fleet<DjlConfiguration> fleet, Rounds rounds) throws IOException {
    List<PairedBlocks<DjlConfiguration>> groups =
        List.of(
            fleet.blocks(DjlConfiguration.JVMS, DjlConfiguration.PLAIN_AGENT),
            fleet.blocks(DjlConfiguration.PREDICTORS, DjlConfiguration.UNREAD));
    Map<DjlConfiguration, List<PairedRound>> measured = new EnumMap<>(DjlConfiguration.class);
    for (int i = 0; i < rounds.rounds(); i++) {
      for (PairedBlocks<DjlConfiguration> group : groups) {
        group
            .round(rounds.shape(), 1, rounds.runs(), random)
            .forEach(
                (configuration, round) ->
                    measured.computeIfAbsent(configuration, c -> new ArrayList<>()).add(round));
      }
    }
    return measured;
  }

  private List<Callable<Map<DjlConfiguration, Program>>> starts(DjlEngine engine, URI receiver) {
    List<Callable<Map<DjlConfiguration, Program>>> starts = new ArrayList<>();
    for (DjlConfiguration configuration : DjlConfiguration.JVMS) {
      starts.add(
          () ->
              start(
                  engine.label() + " " + configuration.label(),
                  files.command(engine, configuration, receiver),
                  List.of(configuration)));
    }
    List<DjlConfiguration> order = new ArrayList<>(DjlConfiguration.PREDICTORS);
    Collections.shuffle(order, random);
    starts.add(
        () -> start(engine.label() + " predictors", files.command(engine, order, receiver), order));
    return starts;
  }

  private Map<DjlConfiguration, Program> start(
      String name, List<String> command, List<DjlConfiguration> configurations)
      throws IOException, InterruptedException {
    Child child = new Child(name, command);
    child.await(InferenceLoop.READY);
    child.awaitReadings(configurations.stream().filter(DjlConfiguration::hasPack).count());
    Map<DjlConfiguration, Program> programs = Program.sessions(child, configurations);
    warmUp(List.copyOf(programs.values()));
    return programs;
  }

  /** They share the JVM's compiled code, and so the predictions that it takes. */
  private void warmUp(List<Program> programs) throws IOException {
    WarmUp enough = plan.warmUp();
    double end = Progress.seconds() + enough.seconds();
    for (int block = 0;
        block * WARM_UP_BLOCK < enough.predictions() || Progress.seconds() < end;
        block++) {
      programs.get(block % programs.size()).block(DjlPlan.SHORTEST, 1, WARM_UP_BLOCK);
    }
    for (Rounds shape : plan.shapes()) {
      for (Program program : programs) {
        program.block(shape.shape(), 1, WARM_UP_RUNS);
      }
    }
  }

  /** A benchmark of readings that never came would prove nothing. */
  private static void requireReadings(TelemetrySink receiver) {
    String read = DjlConfiguration.PROBES_NORMS.label();
    if (!receiver.sawReading(read)) {
      throw new IllegalStateException(read + ": expected readings in its telemetry, found none");
    }
  }
}
