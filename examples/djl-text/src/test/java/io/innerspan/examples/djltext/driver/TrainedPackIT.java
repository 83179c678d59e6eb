package io.innerspan.examples.djltext.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.Probe;
import io.innerspan.signals.pack.PackReader;
import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.JvmCommand;
import io.innerspan.testing.LogLine.Stream;
import io.innerspan.workbench.data.CsvTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From the workbench's commands to the built agent: a pack that {@code train} makes of a store of
 * the example's TorchScript model is read in the example's service as it was trained.
 */
class TrainedPackIT {
  private static final Duration DEADLINE = Duration.ofMinutes(10);
  private static final Path MODULE = Path.of("").toAbsolutePath();
  private static final Path MODEL = MODULE.resolve("model/classifier.pt");
  private static final Path TOKENIZER = MODULE.resolve("model/tokenizer.json");

  /** Every eighth row of the quickstart's data. */
  private static final int STEP = 8;

  @TempDir private Path folder;

  @Test
  void packOfAStore_isReadByTheAgentAsItWasTrained() throws Exception {
    Path data = data();
    Path store = folder.resolve("store");
    Path packs = Files.createDirectory(folder.resolve("packs"));
    Path tested = folder.resolve("tested.csv");
    workbench("capture", "--engine", "djl", "--store", store, "--data", data)
        .arguments("--text-column", "text")
        .arguments("--hook-point", "blocks.0.hook_normalized_resid_post")
        .arguments("--hook-point", "blocks.1.hook_normalized_resid_post")
        .run();
    workbench("train", "--store", store, "--data", data, "--test-out", tested)
        .arguments("--text-column", "text", "--label-column", "label")
        .arguments("--positive", "prompt_injection", "--group-column", "family")
        .arguments("--id", "stored", "--sampling", "always", "--out", packs.resolve("stored"))
        .run();

    Probe probe = PackReader.read(packs.resolve("stored")).probes().get(0);
    CsvTable table = CsvTable.read(tested);
    // The scores of which most is seen: others are close to 0 or 1.
    List<Integer> rows =
        IntStream.range(0, table.column("score").size())
            .boxed()
            .sorted(Comparator.comparingDouble(row -> Math.abs(score(table, row) - 0.5)))
            .limit(3)
            .toList();
    List<String> arguments = new ArrayList<>(List.of("--json", "--packs", packs.toString()));
    rows.forEach(row -> arguments.addAll(List.of("--text", table.column("text").get(row))));
    try (ChildJvm driver = driver(arguments).start()) {
      driver.awaitSuccess(DEADLINE);
      List<String> lines = driver.lines(Stream.OUT);
      assertThat(lines).hasSize(rows.size());
      for (int i = 0; i < lines.size(); i++) {
        JsonObject line = JsonParser.parseString(lines.get(i)).getAsJsonObject();
        assertThat(line.get("pack").getAsString()).isEqualTo("stored@1.0.0");
        double read = line.getAsJsonObject("probes").get("stored").getAsDouble();
        double trained = Double.parseDouble(table.column("logit").get(rows.get(i)));
        assertThat(logit(probe.calibration(), read)).isCloseTo(trained, within(1e-4));
      }
    }
  }

  private static double score(CsvTable table, int row) {
    return Double.parseDouble(table.column("score").get(row));
  }

  private static double logit(Calibration calibration, double score) {
    Calibration.Platt platt = (Calibration.Platt) calibration;
    return (Math.log(score / (1 - score)) - platt.b()) / platt.a();
  }

  private Path data() throws IOException {
    CsvTable all = CsvTable.read(MODULE.resolve("../quickstart/data/requests.csv").normalize());
    List<String> names = List.of("text", "label", "family");
    StringBuilder some = new StringBuilder(String.join(",", names)).append('\n');
    for (int row = 0; row < all.column("text").size(); row += STEP) {
      int number = row;
      some.append(
          names.stream()
              .map(name -> '"' + all.column(name).get(number).replace("\"", "\"\"") + '"')
              .collect(Collectors.joining(",", "", "\n")));
    }
    return Files.writeString(folder.resolve("requests.csv"), some);
  }

  /** A command of the workbench on the example's model. */
  private Workbench workbench(Object... arguments) {
    return new Workbench()
        .arguments(arguments)
        .arguments("--model", MODEL, "--tokenizer", TOKENIZER);
  }

  private static JvmCommand driver(List<String> arguments) {
    return JvmCommand.of(DjlText.class.getName())
        .property("djl-text.root", MODULE.resolve("../..").normalize().toString())
        .environment("LC_ALL", "C.UTF-8")
        .arguments(arguments.toArray(String[]::new));
  }

  private static final class Workbench {
    private final List<String> arguments = new ArrayList<>();

    private Workbench arguments(Object... more) {
      for (Object each : more) {
        arguments.add(each.toString());
      }
      return this;
    }

    private void run() {
      JvmCommand command =
          JvmCommand.of("io.innerspan.workbench.Innerspan")
              .property("ai.djl.offline", "true")
              .property("DJL_CACHE_DIR", MODULE.resolve("target/djl-cache").toString())
              .arguments(arguments.toArray(String[]::new));
      try (ChildJvm child = command.start()) {
        child.awaitSuccess(DEADLINE);
      }
    }
  }
}
