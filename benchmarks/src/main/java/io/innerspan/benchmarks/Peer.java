package io.innerspan.benchmarks;

import io.innerspan.benchmarks.OverheadPlan.Rounds;
import io.innerspan.benchmarks.application.InferenceLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Measures what signals cost in ONNX Runtime's graph and, with the same weights, as PyTorch's
 * forward hooks: each against its own engine without them, both in the same run, on one thread.
 */
final class Peer {
  private static final long SEED = 20_261_121;
  private static final Shape WARM_UP_SHAPE = new Shape(1, 16);
  private static final int WARM_UP_RUNS = 100;

  private final Installation installation;
  private final String python;
  private final Path script;
  private final PeerPlan plan;
  private final Random random = new Random(SEED);
  private final Map<Key, List<List<PairedRound>>> rounds = new LinkedHashMap<>();

  private record Key(Shape shape, PeerEngine engine, PeerSignals signals) {}

  /**
   * @param python the command of a Python that has PyTorch
   * @param script the program that it runs
   */
  Peer(Installation installation, String python, Path script, PeerPlan plan) {
    this.installation = installation;
    this.python = python;
    this.script = script;
    this.plan = plan;
  }

  List<PeerCell> measure() throws Exception {
    for (PeerSignals signals : PeerSignals.values()) {
      Progress.say("grafting: " + signals.label());
      new PeerFiles(installation, signals).write();
    }
    for (int generation = 1; generation <= plan.generations(); generation++) {
      measureGeneration(generation);
    }
    List<PeerCell> cells = new ArrayList<>();
    rounds.forEach(
        (key, measured) ->
            cells.add(new PeerCell(key.engine(), key.signals(), key.shape(), measured)));
    return cells;
  }

  private void measureGeneration(int generation) throws IOException {
    Map<PeerEngine, Map<PeerSignals, Program>> engines = new EnumMap<>(PeerEngine.class);
    try {
      for (PeerEngine engine : PeerEngine.values()) {
        Progress.say(
            "starting "
                + engine.label()
                + ", generation "
                + generation
                + " of "
                + plan.generations());
        Map<PeerSignals, Program> programs = new EnumMap<>(PeerSignals.class);
        engines.put(engine, programs);
        for (PeerSignals signals : PeerSignals.values()) {
          programs.put(signals, start(engine, signals));
        }
      }
      for (Rounds shape : plan.shapes()) {
        Progress.say("rounds of " + shape.shape());
        measure(engines, shape);
      }
    } finally {
      for (Map<PeerSignals, Program> programs : engines.values()) {
        for (Program program : programs.values()) {
          program.child().close();
        }
      }
    }
  }

  private Program start(PeerEngine engine, PeerSignals signals) throws IOException {
    PeerFiles files = new PeerFiles(installation, signals);
    Child child =
        new Child(engine.label() + " " + signals.label(), command(engine, signals, files));
    child.await(InferenceLoop.READY);
    Program program = Program.of(child);
    program.block(WARM_UP_SHAPE, 1, WARM_UP_RUNS);
    return program;
  }

  private List<String> command(PeerEngine engine, PeerSignals signals, PeerFiles files) {
    if (engine == PeerEngine.ONNXRUNTIME) {
      return installation.command(List.of(), InferenceLoop.class, files.grafted().toString());
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                python,
                "-B",
                script.toString(),
                installation.model().toString(),
                files.check().toString()));
    if (!signals.isPlain()) {
      command.add(files.pack().toString());
    }
    return command;
  }

  private void measure(Map<PeerEngine, Map<PeerSignals, Program>> engines, Rounds shape)
      throws IOException {
    Map<Key, List<PairedRound>> measured = new LinkedHashMap<>();
    for (PeerSignals signals : PeerSignals.values()) {
      for (PeerEngine engine : PeerEngine.values()) {
        if (signals != PeerSignals.PLAIN) {
          measured.put(new Key(shape.shape(), engine, signals), new ArrayList<>());
        }
      }
    }
    for (int round = 0; round < shape.rounds(); round++) {
      for (Map.Entry<PeerEngine, Map<PeerSignals, Program>> engine : engines.entrySet()) {
        new PairedBlocks<>(engine.getValue(), PeerSignals.PLAIN)
            .round(shape.shape(), 1, shape.runs(), random)
            .forEach(
                (signals, pair) ->
                    measured
                        .computeIfAbsent(
                            new Key(shape.shape(), engine.getKey(), signals),
                            key -> new ArrayList<>())
                        .add(pair));
      }
    }
    measured.forEach(
        (key, pairs) -> rounds.computeIfAbsent(key, k -> new ArrayList<>()).add(pairs));
  }
}
