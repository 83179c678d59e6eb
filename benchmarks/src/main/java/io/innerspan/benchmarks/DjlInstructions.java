package io.innerspan.benchmarks;

import io.innerspan.benchmarks.OverheadPlan.Rounds;
import io.innerspan.benchmarks.application.InferenceLoop;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Counts the instructions of predictions with DJL in QEMU's user mode. A count does not depend on
 * what else a machine does, nor on where memory lies.
 */
final class DjlInstructions {
  /**
   * In which what is constant weighs most. A prediction takes some fifty times as long as on the
   * processor itself: one of a whole text would take minutes.
   */
  private static final Rounds SHAPE = new Rounds(DjlPlan.SHORTEST, 20, 10);

  private static final int WARM_UP_BLOCKS = 100;
  private static final int WARM_UP_RUNS = 10;

  /** So that the last compiler compiles what is called 250 times, not 5,000. */
  private static final String COMPILE_SOON = "-XX:CompileThresholdScaling=0.05";

  private final DjlFiles files;
  private final Set<DjlEngine> engines;
  private final String qemu;
  private final Path plugin;

  /**
   * @param files models and packs, made before
   * @param qemu the command of QEMU's user mode for this processor
   * @param plugin {@code instructions.c}, compiled
   */
  DjlInstructions(DjlFiles files, Set<DjlEngine> engines, String qemu, Path plugin) {
    this.files = files;
    this.engines = engines;
    this.qemu = qemu;
    this.plugin = plugin;
  }

  /** Measures engines side by side, as many at once as there are processors. */
  List<InstructionCell> measure() throws Exception {
    ExecutorService runners =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try (TelemetrySink receiver = new TelemetrySink()) {
      List<Callable<List<InstructionCell>>> runs = new ArrayList<>();
      for (DjlEngine engine : engines) {
        runs.add(() -> measure(engine, receiver.address()));
      }
      List<InstructionCell> cells = new ArrayList<>();
      for (Future<List<InstructionCell>> measured : runners.invokeAll(runs)) {
        cells.addAll(measured.get());
      }
      return cells;
    } finally {
      runners.shutdown();
    }
  }

  private List<InstructionCell> measure(DjlEngine engine, URI receiver)
      throws IOException, InterruptedException {
    List<DjlConfiguration> predictors = List.copyOf(DjlConfiguration.PREDICTORS);
    Path counts = files.folder().resolve(engine.label() + ".instructions");
    List<String> command =
        new ArrayList<>(List.of(qemu, "-cpu", "max", "-plugin", plugin + ",out=" + counts));
    List<String> java = files.command(engine, predictors, receiver);
    command.addAll(java);
    command.add(command.indexOf(java.get(0)) + 1, COMPILE_SOON);
    try (Child child = new Child(engine.label(), command)) {
      child.await(InferenceLoop.READY);
      child.awaitReadings(predictors.stream().filter(DjlConfiguration::hasPack).count());
      Map<DjlConfiguration, Program> programs = Program.sessions(child, predictors);
      List<Program> turns = List.copyOf(programs.values());
      for (int block = 0; block < WARM_UP_BLOCKS; block++) {
        if (block % 10 == 0) {
          Progress.say(engine.label() + ": warmed up " + block + " of " + WARM_UP_BLOCKS);
        }
        turns.get(block % turns.size()).block(DjlPlan.SHORTEST, 1, WARM_UP_RUNS);
      }
      return measure(engine, programs, counts);
    }
  }

  private static List<InstructionCell> measure(
      DjlEngine engine, Map<DjlConfiguration, Program> programs, Path counts) throws IOException {
    Map<DjlConfiguration, List<PairedRound>> rounds = new EnumMap<>(DjlConfiguration.class);
    for (int round = 0; round < SHAPE.rounds(); round++) {
      Progress.say(engine.label() + ", " + SHAPE.shape() + ": round " + round);
      Map<DjlConfiguration, Double> counted = new EnumMap<>(DjlConfiguration.class);
      for (Map.Entry<DjlConfiguration, Program> program : programs.entrySet()) {
        program.getValue().block(SHAPE.shape(), 1, SHAPE.runs());
        double predictions = SHAPE.runs() + 1; // The first of a block counts too.
        counted.put(program.getKey(), InstructionCounts.in(counts).lastCommand() / predictions);
      }
      counted.forEach(
          (configuration, count) -> {
            Double baseline = counted.get(configuration.against());
            if (baseline != null && configuration != configuration.against()) {
              rounds
                  .computeIfAbsent(configuration, c -> new ArrayList<>())
                  .add(new PairedRound(new double[] {count}, new double[] {baseline}));
            }
          });
    }
    List<InstructionCell> cells = new ArrayList<>();
    rounds.forEach(
        (configuration, pairs) ->
            cells.add(new InstructionCell(engine, configuration, SHAPE.shape(), pairs)));
    return cells;
  }
}
