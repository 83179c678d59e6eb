package io.innerspan.benchmarks;

import io.innerspan.benchmarks.jmh.GraftBenchmark;
import io.innerspan.benchmarks.jmh.InferenceBenchmark;
import io.innerspan.benchmarks.jmh.InterventionBenchmark;
import io.innerspan.benchmarks.jmh.MonitorBenchmark;
import io.innerspan.benchmarks.jmh.ReadingBenchmark;
import io.innerspan.benchmarks.jmh.RecordingBenchmark;
import io.innerspan.benchmarks.jmh.SafetensorsBenchmark;
import io.innerspan.benchmarks.jmh.ScanBenchmark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** The program behind {@code run.sh}: arguments are those of the script. */
public final class Benchmarks {
  /** System property: the project's folder. */
  private static final String PROJECT = "innerspan.project";

  /** System property: the command of a Python that has PyTorch. */
  private static final String PYTHON = "innerspan.python";

  /** System property: the folder of texts. */
  private static final String DATA = "innerspan.data";

  /** System property: the command of QEMU's user mode. */
  private static final String QEMU = "innerspan.qemu";

  private static final int STARTUP_ROUNDS = 15;
  private static final int QUICK_STARTUP_ROUNDS = 9;

  public static void main(String[] arguments) throws Exception {
    Set<String> options = Set.copyOf(List.of(arguments).subList(1, arguments.length));
    boolean quick = options.contains("--quick");
    boolean json = options.contains("--json");
    Installation installation = Installation.in(Path.of(System.getProperty(PROJECT)));
    switch (arguments[0]) {
      case "overhead" -> {
        String shape = after(arguments, "--shape");
        List<OverheadCell> cells = new ArrayList<>();
        for (OverheadPlan whole :
            OverheadPlan.of(options.contains("--signals"), options.contains("--governed"), quick)) {
          OverheadPlan plan = whole.of(shape == null ? null : Shape.parse(shape), times(arguments));
          Path model =
              plan.needsUnembedding()
                  ? LanguageModel.write(installation.model(), installation.target())
                  : installation.model();
          cells.addAll(new Overhead(installation, model, plan).measure());
        }
        if (json) {
          OverheadReport.printJson(cells);
        } else {
          OverheadReport.printTable(cells);
        }
      }
      case "startup" ->
          new Startup(installation, quick ? QUICK_STARTUP_ROUNDS : STARTUP_ROUNDS).run(json);
      case "create" -> {
        Set<Integer> megabytes = numbers(arguments, "--megabytes");
        Set<Integer> probes = numbers(arguments, "--probes");
        CreationPlan plan = quick ? CreationPlan.quick() : CreationPlan.full();
        List<CreationCell> cells =
            new Creation(installation)
                .measure(
                    plan.only(megabytes, probes).times(times(arguments)),
                    json ? CreationReport::printJson : cell -> {});
        if (!json) {
          CreationReport.printTable(cells);
        }
        if (!megabytes.isEmpty() || !probes.isEmpty()) {
          return;
        }
        Path chart = installation.target().resolve("create.png");
        CreationChart.write(cells, chart);
        Progress.say("drawn: " + chart);
      }
      case "peer" -> {
        Path script = Path.of(System.getProperty(PROJECT), "benchmarks", "peer", "peer.py");
        List<PeerCell> cells =
            new Peer(
                    installation,
                    System.getProperty(PYTHON),
                    script,
                    quick ? PeerPlan.QUICK : PeerPlan.FULL)
                .measure();
        if (json) {
          PeerReport.printJson(cells);
        } else {
          PeerReport.printTable(cells);
        }
      }
      case "djl" -> {
        DjlFiles files = DjlFiles.in(installation, Path.of(System.getProperty(PROJECT)));
        Set<DjlEngine> engines = DjlEngine.of(after(arguments, "--engine"));
        if (options.contains("--instructions")) {
          files.write(engines);
          Path plugin = installation.target().resolve("instructions.so");
          DjlReport.printInstructions(
              new DjlInstructions(files, engines, System.getProperty(QEMU), plugin).measure(),
              json);
          return;
        }
        List<DjlCell> cells =
            new Djl(files, quick ? DjlPlan.QUICK : DjlPlan.FULL, engines).measure();
        if (json) {
          DjlReport.printJson(cells);
        } else {
          DjlReport.printTable(cells);
        }
      }
      case "workbench" -> {
        Path data = Path.of(System.getProperty(DATA));
        List<WorkbenchCell> cells =
            new Workbench(
                    installation,
                    Path.of(System.getProperty(PROJECT)),
                    data,
                    System.getProperty(PYTHON),
                    quick ? WorkbenchPlan.QUICK : WorkbenchPlan.FULL)
                .measure();
        if (json) {
          WorkbenchReport.printJson(cells);
        } else {
          WorkbenchReport.printTable(cells);
        }
      }
      case "outage" -> {
        Map<String, Double> figures =
            new Outage(installation, quick ? OutagePlan.QUICK : OutagePlan.FULL).measure();
        figures.forEach(
            (name, value) ->
                System.out.println(
                    json
                        ? String.format(Locale.ROOT, "{\"%s\": %.4f}", name, value)
                        : String.format(Locale.ROOT, "%-42s %14.3f", name, value)));
      }
      case "pieces" -> runPieces(installation);
      default -> throw new IllegalArgumentException("unknown benchmark " + arguments[0]);
    }
  }

  /** The numbers after an option, or none without it. */
  private static Set<Integer> numbers(String[] arguments, String option) {
    String numbers = after(arguments, option);
    return numbers == null
        ? Set.of()
        : Arrays.stream(numbers.split(","))
            .map(Integer::valueOf)
            .collect(Collectors.toUnmodifiableSet());
  }

  /** How much more is to be measured than is planned. */
  private static int times(String[] arguments) {
    String times = after(arguments, "--times");
    return times == null ? 1 : Integer.parseInt(times);
  }

  /** What stands after an option, or null without it. */
  private static @Nullable String after(String[] arguments, String option) {
    int position = List.of(arguments).indexOf(option);
    return position < 0 ? null : arguments[position + 1];
  }

  private static void runPieces(Installation installation) throws IOException, RunnerException {
    new Runner(
            new OptionsBuilder()
                .include(ScanBenchmark.class.getName())
                .include(GraftBenchmark.class.getName())
                .include(InterventionBenchmark.class.getName())
                .include(SafetensorsBenchmark.class.getName())
                .include(ReadingBenchmark.class.getName())
                .include(MonitorBenchmark.class.getName())
                .include(RecordingBenchmark.class.getName())
                .jvmArgsAppend(
                    "-D" + InferenceBenchmark.MODEL + "=" + installation.model(),
                    "-Xbootclasspath/a:"
                        + Files.readString(installation.target().resolve("agent-api.classpath")))
                .forks(2)
                .warmupIterations(5)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(5)
                .measurementTime(TimeValue.seconds(1))
                .shouldFailOnError(true)
                .build())
        .run();
  }

  private Benchmarks() {}
}
