package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.pack.PackReader;
import io.innerspan.workbench.data.CsvTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --class-weights}, on data of which one label is rare. */
class ClassWeightsTest {
  @TempDir private Path folder;

  @Test
  void train_balanced_movesTheOffsetByTheLogarithmOfTheImbalance() throws Exception {
    Path model = Planted.model(folder);
    Path tokenizer = Planted.tokenizer(folder);
    // 60 rows of "yes" to 1,200 of "no". Labels are drawn by lot, so that the activations say
    // nothing of them, and what is left is the offset: ln(1 / 20) without weights, 0 with them.
    List<String> lots = Files.readAllLines(Planted.shuffled(folder.resolve("lots.csv"), 2600, 1));
    List<String> rare = new ArrayList<>(List.of(lots.get(0)));
    int[] wanted = {60, 1200};
    for (String line : lots.subList(1, lots.size())) {
      int label = line.contains(",yes,") ? 0 : 1;
      if (wanted[label]-- > 0) {
        rare.add(line);
      }
    }
    Path data = Files.write(folder.resolve("rare.csv"), rare);

    double plain = logit(data, model, tokenizer, "none");
    double balanced = logit(data, model, tokenizer, "balanced");

    assertThat(plain).isBetween(-Math.log(20) - .8, -Math.log(20) + .8);
    assertThat(balanced).isBetween(-.8, .8);
  }

  /** The mean logit of the test part's rows. */
  private double logit(Path data, Path model, Path tokenizer, String weights) throws Exception {
    Path out = folder.resolve(weights);
    Path scored = folder.resolve(weights + ".csv");
    Command command =
        Command.train(
            data, model, tokenizer, out, "--class-weights", weights, "--test-out", scored);
    assertThat(command.exitCode()).as(command.err()).isZero();
    assertThat(PackReader.read(out).probes().get(0)).isInstanceOf(LinearProbe.class);
    return CsvTable.read(scored).column("logit").stream()
        .mapToDouble(Double::parseDouble)
        .average()
        .orElseThrow();
  }
}
