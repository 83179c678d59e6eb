package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.MlpProbe;
import io.innerspan.signals.pack.PackReader;
import io.innerspan.signals.pack.ProbePack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MLP and attention probes, on concepts that no direction finds, beside the others. */
class TrainNetworksTest {
  @TempDir private static Path folder;
  private static Path model;
  private static Path tokenizer;
  private static Path exclusive;
  private static Path following;

  @BeforeAll
  static void write() throws IOException {
    model = Planted.model(folder);
    tokenizer = Planted.tokenizer(folder);
    exclusive = Planted.exclusive(folder.resolve("exclusive.csv"), 800, 1);
    following = Planted.following(folder.resolve("following.csv"), 800, 1);
  }

  @Test
  void train_exclusiveOr_choosesTheMlpBeforeWhatIsLinear() throws Exception {
    assertThat(auroc(train(exclusive, "xor-linear", "--learner", "logistic"))).isLessThan(0.75);

    ProbePack pack =
        train(exclusive, "xor", "--learner", "logistic", "--learner", "lda", "--learner", "mlp");

    assertThat(pack.probes().get(0)).isInstanceOf(MlpProbe.class);
    assertThat(pack.probes().get(0).hookPoint().name()).isEqualTo(Planted.LAYER);
    assertThat(auroc(pack)).isGreaterThan(0.99);
    LiveReadings.agree(folder, "xor", pack.probes().get(0), model, tokenizer, 100);
  }

  @Test
  void train_oneTokenCounts_choosesAttentionBeforeWhatIsLinear() throws Exception {
    assertThat(auroc(train(following, "one-linear", "--learner", "logistic"))).isLessThan(0.9);

    ProbePack pack = train(following, "one", "--learner", "logistic", "--learner", "attention");

    assertThat(pack.probes().get(0)).isInstanceOf(AttentionProbe.class);
    assertThat(auroc(pack)).isGreaterThan(0.99);
    LiveReadings.agree(folder, "one", pack.probes().get(0), model, tokenizer, 100);
  }

  @Test
  void train_networkAgain_givesTheSameBytes() throws IOException {
    for (String learner : new String[] {"mlp", "attention"}) {
      for (String name : new String[] {"first-", "second-"}) {
        train(following, name + learner, oneMean("--learner", learner));
      }
      try (var files = Files.list(folder.resolve("first-" + learner))) {
        for (Path file : files.toList()) {
          assertThat(folder.resolve("second-" + learner).resolve(file.getFileName()))
              .hasSameBinaryContentAs(file);
        }
      }
    }
  }

  @Test
  void train_networksCrosswise_choosesAmongAllAndSaysHow() throws IOException {
    train(
        exclusive,
        "crosswise",
        "--learner",
        "lda",
        "--learner",
        "mlp",
        "--folds",
        "3",
        "--class-weights",
        "balanced",
        "--pooling",
        "mean",
        "--pooling",
        "last",
        "--hook-point",
        Planted.LAYER);

    assertThat(Files.readString(folder.resolve("crosswise").resolve("README.md")))
        // Two poolings, three and two strengths.
        .contains("10 candidates", "crosswise over 3 folds", "units make of each token")
        .contains("both labels' rows weigh the same", "--learner lda --learner mlp");
  }

  /** At the mean of one place, where there is less to learn. */
  private static Object[] oneMean(Object... more) {
    List<Object> options = new ArrayList<>(List.of("--hook-point", Planted.LAYER));
    options.addAll(List.of("--pooling", "mean"));
    options.addAll(List.of(more));
    return options.toArray();
  }

  private static double auroc(ProbePack pack) {
    return pack.report("yes").metrics().get("auroc").value();
  }

  private static ProbePack train(Path data, String name, Object... more) {
    List<Object> options = new ArrayList<>(List.of("--test-out", folder.resolve(name + ".csv")));
    options.addAll(List.of(more));
    Command command =
        Command.train(data, model, tokenizer, folder.resolve(name), options.toArray());
    assertThat(command.exitCode()).as(command.err()).isZero();
    try {
      return PackReader.read(folder.resolve(name));
    } catch (io.innerspan.signals.pack.PackException e) {
      throw new AssertionError(e);
    }
  }
}
