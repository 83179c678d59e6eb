package io.innerspan.benchmarks;

import io.innerspan.benchmarks.application.WorkbenchLoop;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Measures the workbench: capture beside ONNX Runtime alone in the same JVM, and training beside
 * scikit-learn on the same activations.
 */
final class Workbench {
  private static final String BARE = "bare";
  private static final String ALL_LAYERS = "capture --store of all six layers";
  private static final int HEAP_MIB = 2048;

  /** What is measured beside ONNX Runtime alone on all processors, by its name in the loop. */
  private static final Map<String, String> CAPTURES = captures();

  private final Path project;
  private final Path model;
  private final Path tokenizer;
  private final Path data;
  private final Path folder;
  private final String python;
  private final WorkbenchPlan plan;

  /**
   * @param data the folder of texts
   * @param python the command of a Python that may have scikit-learn
   */
  Workbench(Installation installation, Path project, Path data, String python, WorkbenchPlan plan) {
    this.project = project;
    this.model = installation.model();
    this.tokenizer = installation.tokenizer();
    this.data = data;
    this.folder = installation.target().resolve("workbench");
    this.python = python;
    this.plan = plan;
  }

  private static Map<String, String> captures() {
    Map<String, String> captures = new LinkedHashMap<>();
    captures.put("bare-again", "ONNX Runtime again (A/A)");
    captures.put("bare-one", "ONNX Runtime on one thread");
    captures.put("one", "capture --store of one layer");
    captures.put("all", ALL_LAYERS);
    return captures;
  }

  List<WorkbenchCell> measure() throws IOException, InterruptedException {
    List<WorkbenchCell> cells = new ArrayList<>(capture());
    cells.add(prolonged());
    cells.add(large());
    Path texts = WorkbenchTexts.write(data, plan.trained(), folder.resolve("trained.csv"));
    Progress.say("training on " + plan.trained() + " texts");
    List<Map<String, Double>> trained = loop("train", texts, plan.trainings(), 1);
    cells.add(cell("train, model included", trained, "train"));
    double learn = median(trained, "learn");
    List<Double> peer = peer(texts);
    Estimate speed = null;
    if (!peer.isEmpty()) {
      cells.add(new WorkbenchCell("scikit-learn's grid", null, plan.trained(), median(peer), null));
      double ratio = median(peer) / learn;
      speed = new Estimate(ratio, ratio, ratio);
    }
    cells.add(
        new WorkbenchCell(
            "train, all but the model",
            peer.isEmpty() ? null : "scikit-learn's grid",
            plan.trained(),
            learn,
            speed));
    return cells;
  }

  private List<WorkbenchCell> capture() throws IOException, InterruptedException {
    Path texts = WorkbenchTexts.write(data, plan.captured(), folder.resolve("captured.csv"));
    List<List<Map<String, Double>>> generations = new ArrayList<>();
    for (int generation = 1; generation <= plan.generations(); generation++) {
      Progress.say("capture, generation " + generation + " of " + plan.generations());
      generations.add(loop("capture", texts, plan.rounds(), generation));
    }
    List<Map<String, Double>> all = generations.stream().flatMap(List::stream).toList();
    List<WorkbenchCell> cells = new ArrayList<>();
    cells.add(new WorkbenchCell("ONNX Runtime", null, plan.captured(), median(all, BARE), null));
    CAPTURES.forEach(
        (key, name) ->
            cells.add(
                new WorkbenchCell(
                    name,
                    "ONNX Runtime",
                    plan.captured(),
                    median(all, key),
                    Bootstrap.estimate(
                        generations, rounds -> median(rounds, BARE) / median(rounds, key)))));
    return cells;
  }

  /** So many texts that opening the model is little of it. */
  private WorkbenchCell prolonged() throws IOException, InterruptedException {
    Path texts = repeated(plan.prolonged());
    Progress.say("capture of " + plan.prolonged() + " texts, all layers");
    List<Map<String, Double>> rounds = loop("prolonged", texts, plan.rounds(), 1);
    return new WorkbenchCell(
        ALL_LAYERS,
        "ONNX Runtime",
        plan.prolonged(),
        median(rounds, "all"),
        Bootstrap.estimate(List.of(rounds), some -> median(some, BARE) / median(some, "all")));
  }

  private Path repeated(int texts) throws IOException {
    Path file = folder.resolve("repeated.csv");
    return WorkbenchTexts.repeat(
        WorkbenchTexts.write(data, Math.min(texts, plan.captured()), file), texts);
  }

  /** Many more texts than memory could hold the activations of. */
  private WorkbenchCell large() throws IOException, InterruptedException {
    Path texts = repeated(plan.large());
    Progress.say("capture of " + plan.large() + " texts");
    Map<String, Double> round = loop("large", texts, 1, 1).get(0);
    long tokens = (long) measured(round, "tokens");
    Double peak = round.get("peak");
    return new WorkbenchCell(
        "capture --store of one layer, " + tokens + " tokens, heap of " + HEAP_MIB + " MiB",
        null,
        plan.large(),
        measured(round, "large"),
        null,
        peak == null ? null : Math.round(peak));
  }

  private static double measured(Map<String, Double> round, String key) {
    return Objects.requireNonNull(round.get(key), key);
  }

  private WorkbenchCell cell(String what, List<Map<String, Double>> rounds, String key) {
    return new WorkbenchCell(what, null, plan.trained(), median(rounds, key), null);
  }

  private static double median(List<Map<String, Double>> rounds, String key) {
    return median(rounds.stream().map(round -> round.get(key)).toList());
  }

  private static double median(List<Double> seconds) {
    return Samples.median(seconds.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** Seconds by name, for each round of a JVM of its own. */
  private List<Map<String, Double>> loop(String what, Path texts, int rounds, int seed)
      throws IOException, InterruptedException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx" + HEAP_MIB + "m",
            "-Dai.djl.offline=true",
            "-cp",
            classPath(),
            WorkbenchLoop.class.getName(),
            what,
            model.toString(),
            tokenizer.toString(),
            texts.toString(),
            folder.toString(),
            "" + rounds,
            "" + seed);
    List<Map<String, Double>> measured = new ArrayList<>();
    Map<String, Double> round = new HashMap<>();
    for (String line : run(command)) {
      String[] words = line.split(" ");
      if (line.equals("round")) {
        measured.add(round);
        round = new HashMap<>();
      } else if (words.length == 2) {
        round.put(words[0], Double.valueOf(words[1]));
      }
    }
    return measured;
  }

  /** The workbench's own class path: not the versions of the measured applications. */
  private String classPath() throws IOException {
    Path workbench = project.resolve("workbench/target");
    try (Stream<Path> libraries = Files.list(workbench.resolve("lib"))) {
      return Stream.concat(
              Stream.of(
                  project.resolve("benchmarks/target/classes"),
                  workbench.resolve("innerspan-workbench.jar")),
              libraries.sorted())
          .map(Path::toString)
          .collect(Collectors.joining(File.pathSeparator));
    }
  }

  /** Seconds of each round of the peer; none where Python has not what it needs. */
  private List<Double> peer(Path texts) throws IOException, InterruptedException {
    if (!has("numpy, safetensors.numpy, sklearn")) {
      Progress.say(
          "scikit-learn is left out: expected numpy, safetensors and scikit-learn for "
              + python
              + ", found not all of them");
      return List.of();
    }
    Progress.say("scikit-learn");
    loop("pooled", texts, 1, 1);
    List<Double> seconds = new ArrayList<>();
    Path script = project.resolve("benchmarks/workbench/speed.py");
    for (String line :
        run(
            List.of(
                python,
                "-B",
                script.toString(),
                folder.resolve("pooled.safetensors").toString(),
                "" + plan.trainings()))) {
      if (line.startsWith("sklearn ")) {
        seconds.add(Double.valueOf(line.substring("sklearn ".length())));
      }
    }
    return seconds;
  }

  private boolean has(String modules) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(python, "-c", "import " + modules)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static List<String> run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<String> lines;
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      lines = reader.lines().toList();
    }
    if (process.waitFor() != 0) {
      throw new IOException(command.get(0) + " ended with " + process.exitValue());
    }
    return lines;
  }
}
