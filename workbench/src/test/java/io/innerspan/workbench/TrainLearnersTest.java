package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.pack.PackReader;
import io.innerspan.signals.pack.SeenData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every learner on a concept of which it is known where it lies. */
class TrainLearnersTest {
  @TempDir private static Path folder;
  private static Path model;
  private static Path tokenizer;
  private static Path data;

  @BeforeAll
  static void write() throws IOException {
    model = Planted.model(folder);
    tokenizer = Planted.tokenizer(folder);
    data = Planted.concept(folder.resolve("data.csv"), 500, 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"logistic", "logistic-l1", "lda", "difference-of-means"})
  void train_eachLearner_findsThePlantedConcept(String learner) throws Exception {
    Path out = folder.resolve(learner);

    Command command = train(out, "--learner", learner, "--json");

    assertThat(command.exitCode()).as(command.err()).isZero();
    JsonObject signal =
        JsonParser.parseString(command.out())
            .getAsJsonObject()
            .getAsJsonArray("signals")
            .get(0)
            .getAsJsonObject();
    assertThat(signal.get("hook_points").toString()).contains(Planted.LAYER);
    assertThat(
            signal.getAsJsonObject("metrics").getAsJsonObject("auroc").get("value").getAsDouble())
        .isEqualTo(1);
    assertThat(Files.readString(out.resolve("README.md")))
        .contains(learner.equals("logistic") ? "train --data" : " --learner " + learner);
  }

  @Test
  void train_l1_leavesMostDimensionsOut() throws Exception {
    Path out = folder.resolve("sparse");
    assertThat(train(out, "--learner", "logistic-l1").exitCode()).isZero();

    LinearProbe probe = (LinearProbe) PackReader.read(out).probes().get(0);

    int used = 0;
    for (float weight : probe.weight()) {
      used += weight == 0 ? 0 : 1;
    }
    assertThat(used).isBetween(1, probe.width() / 2);
  }

  @Test
  void train_severalLearnersCrosswise_choosesAmongAllAndSaysHow() throws Exception {
    Path out = folder.resolve("several");

    Command command =
        train(
            out,
            "--learner",
            "difference-of-means",
            "--learner",
            "lda",
            "--folds",
            "4",
            "--class-weights",
            "balanced");

    assertThat(command.exitCode()).as(command.err()).isZero();
    assertThat(Files.readString(out.resolve("README.md")))
        // Two layers, three poolings, one and three strengths.
        .contains("24 candidates", "crosswise over 4 folds")
        .contains(
            " --learner difference-of-means --learner lda --class-weights balanced --folds 4");
  }

  @Test
  void train_writesDigestsOfWhatItHasSeenButNotOfItsTestPart() throws Exception {
    Path out = folder.resolve("seen");
    Path scored = folder.resolve("scored.csv");
    assertThat(train(out, "--test-out", scored).exitCode()).isZero();

    SeenData seen =
        Objects.requireNonNull(Objects.requireNonNull(PackReader.read(out).trainingData()).seen());

    List<String> tested =
        Files.readAllLines(scored).stream().skip(1).map(line -> line.split(",")[1]).toList();
    assertThat(seen.texts().elements()).isEqualTo(500 - tested.size());
    assertThat(tested).noneMatch(seen.lookup()::hasText);
    List<String> all =
        Files.readAllLines(data).stream().skip(1).map(line -> line.split(",")[0]).toList();
    assertThat(all.stream().filter(seen.lookup()::hasText)).hasSize(500 - tested.size());
  }

  @Test
  void train_badOptions_areOneLine() {
    for (String[] bad :
        new String[][] {
          {"--learner", "magic"}, {"--folds", "0"}, {"--class-weights", "heavy"},
        }) {
      Command command = train(folder.resolve("none"), (Object[]) bad);
      assertThat(command.exitCode()).isEqualTo(2);
      assertThat(command.err().lines()).as(command.err()).hasSize(1);
      assertThat(command.err()).contains(bad[0]);
    }
  }

  private static Command train(Path out, Object... more) {
    return Command.train(data, model, tokenizer, out, more);
  }
}
