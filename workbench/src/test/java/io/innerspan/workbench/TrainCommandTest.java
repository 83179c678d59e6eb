package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Threshold;
import io.innerspan.signals.pack.PackReader;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.workbench.data.CsvTable;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.TextTokenizer;
import io.innerspan.workbench.model.TokenIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
  @TempDir private static Path folder;
  private static Path data;
  private static Path pack;
  private static Path scored;

  @BeforeAll
  static void train() throws IOException {
    data = SmallData.write(folder.resolve("data.csv"));
    pack = folder.resolve("pack");
    scored = folder.resolve("test.csv");
    Command command = run(pack, "--target-fpr", "0.2", "--test-out", scored);
    assertThat(command.exitCode()).as(command.err()).isZero();
    assertThat(command.err()).contains("texts in", "fitting probes at", "golden inputs: 5 of 5");
    assertThat(command.out()).contains("auroc", "tf_idf_auroc", "length_only_auroc");
  }

  @Test
  void train_smallData_writesAPackThatHoldsWhatItMeasured() throws Exception {
    ProbePack read = PackReader.read(pack);
    LinearProbe probe = (LinearProbe) read.probes().get(0);
    assertThat(probe.id()).isEqualTo("bad");
    assertThat(probe.hookPoint().name()).matches("blocks\\.[0-5]\\.hook_normalized_resid_post");
    assertThat(probe.positiveLabel()).isEqualTo("bad");
    assertThat(probe.negativeLabel()).isEqualTo("fine");
    assertThat(read.goldenInputs()).hasSize(3);
    assertThat(read.goldenInputs().get(1).rows()).isEqualTo(3);
    assertThat(read.goldenInputs().get(1).inputs().get("attention_mask").toLongs())
        .as("right padding")
        .contains(0);
    assertThat(read.report("bad").metrics())
        .containsKeys("auroc", "tpr_at_threshold", "fpr_at_threshold", "ece", "brier");
    assertThat(read.report("bad").baselines())
        .containsKeys("tf_idf_auroc", "length_only_auroc", "difference_of_means_auroc");
    // The classes differ by wording: a probe that learnt anything tells them apart.
    assertThat(read.report("bad").metrics().get("auroc").value()).isGreaterThan(.9);
    Threshold.Certificate certificate =
        Objects.requireNonNull(Objects.requireNonNull(probe.threshold()).certificate());
    assertThat(certificate.fprUpperBound()).isLessThanOrEqualTo(.2);
    assertThat(Files.readString(pack.resolve("README.md")))
        .contains("## Measured on the test part", "TF-IDF", "length only", "## Limits")
        .contains("arXiv 2412.09565");
  }

  @Test
  void train_testPartScored_agreesWithALiveGraftedSessionOnOneBatch() throws Exception {
    LinearProbe probe = (LinearProbe) PackReader.read(pack).probes().get(0);
    CsvTable table = CsvTable.read(scored);
    List<String> logits = table.column("logit");
    List<TokenIds> rows = new ArrayList<>();
    try (TextTokenizer tokenizer = TextTokenizer.open(MiniLm.tokenizer())) {
      table.column("text").forEach(text -> rows.add(tokenizer.encode(text)));
    }
    float[] live = OnnxTextModel.open(MiniLm.model()).readings(probe, List.of(rows)).get(0);
    assertThat(live).hasSizeGreaterThan(20);
    for (int i = 0; i < live.length; i++) {
      double expected = Double.parseDouble(logits.get(i));
      assertThat((double) live[i])
          .isEqualTo(expected, within(2e-5 * Math.max(1, Math.abs(expected))));
      assertThat(Double.parseDouble(table.column("score").get(i)))
          .isEqualTo(probe.calibration().score(expected), within(1e-12));
    }
  }

  @Test
  void train_again_givesTheSameBytes() throws IOException {
    Path again = folder.resolve("again");
    assertThat(run(again, "--target-fpr", "0.2").exitCode()).isZero();
    try (var files = Files.list(pack)) {
      for (Path file : files.toList()) {
        assertThat(again.resolve(file.getFileName())).hasSameBinaryContentAs(file);
      }
    }
  }

  @Test
  void train_tooFewForTheRate_writesNoThresholdAndSaysWhatTheyCertify() throws Exception {
    Path strict = folder.resolve("strict");
    Command command = run(strict, "--seed", "2");
    assertThat(command.exitCode()).isZero();
    assertThat(command.out()).contains("no threshold");
    assertThat(PackReader.read(strict).probes().get(0).threshold()).isNull();
    assertThat(Files.readString(strict.resolve("README.md")))
        .containsPattern("needs at least 299 independent benign rows .* certify a rate of at most");
  }

  @Test
  void train_outIsNotEmpty_isBadInputBeforeAnyWork() throws IOException {
    Path full = Files.createDirectories(folder.resolve("full"));
    Files.writeString(full.resolve("keep.txt"), "mine");
    expectBad(run(full), full + ": expected no such path or an empty directory, found");
    assertThat(full.resolve("keep.txt")).hasContent("mine");
  }

  @Test
  void train_labelOrColumnNotThere_isBadInput() {
    Path out = folder.resolve("none");
    expectBad(
        run(out, "--positive", "evil"),
        "expected rows with the label 'evil', found the labels [bad, fine]");
    expectBad(
        run(out, "--text-column", "words"), "expected a column named 'words', found the columns");
    expectBad(
        run(out, "--group-column", "team"), "expected a column named 'team', found the columns");
    expectBad(
        run(out, "--data", folder.resolve("gone.csv")),
        "gone.csv: expected a file, found nothing there");
    assertThat(out).doesNotExist();
  }

  @Test
  void train_tooFewGroups_isBadInput() throws IOException {
    Path few =
        Files.writeString(folder.resolve("few.csv"), "text,label,family\na,bad,1\nb,fine,2\n");
    expectBad(
        run(folder.resolve("none"), "--data", few),
        "few.csv: expected at least 3 groups of positive rows");
  }

  @Test
  void train_modelOrTokenizerIsSomethingElse_isBadInput() throws IOException {
    Path out = folder.resolve("none");
    Path text = Files.writeString(folder.resolve("notes.txt"), "no json, no model");
    Path tiny = Files.write(folder.resolve("tiny.onnx"), TinyOnnx.identity());
    expectBad(
        run(out, "--tokenizer", text), "notes.txt: expected a Hugging Face tokenizer.json, found");
    expectBad(run(out, "--model", text), "notes.txt: expected an ONNX model, found");
    expectBad(
        run(out, "--model", tiny),
        "tiny.onnx: expected an input that is an attention mask, found the inputs [x]");
    expectBad(
        run(out, "--model", folder.resolve("gone.onnx")),
        "gone.onnx: expected a file, found nothing there");
  }

  @Test
  void train_optionsThatCannotBe_areBadInput() {
    Path out = folder.resolve("none");
    expectBad(run(out, "--id", "Not An Id"), "--id: expected");
    expectBad(
        run(out, "--target-fpr", "2"), "--target-fpr: expected a rate between 0 and 1, found 2.0");
    expectBad(run(out, "--pack-version", "one"), "expected a semantic version");
    expectBad(run(out, "--seed", "x"), "--seed");
    expectBad(Command.run("train"), "Missing required options");
  }

  private static void expectBad(Command command, String message) {
    assertThat(command.exitCode()).as(command.err()).isEqualTo(2);
    assertThat(command.err().lines()).as(command.err()).hasSize(1);
    assertThat(command.err()).startsWith("innerspan: ").contains(message);
    assertThat(command.out()).isEmpty();
  }

  private static Command run(Path out, Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "--data",
                data,
                "--text-column",
                "text",
                "--label-column",
                "label",
                "--positive",
                "bad",
                "--group-column",
                "family",
                "--model",
                MiniLm.model(),
                "--tokenizer",
                MiniLm.tokenizer(),
                "--out",
                out));
    for (int i = 0; i < more.length; i += 2) {
      int given = args.indexOf(more[i]);
      if (given >= 0) {
        args.set(given + 1, more[i + 1]);
      } else {
        args.addAll(Arrays.asList(more).subList(i, i + 2));
      }
    }
    args.add(0, "train");
    return Command.run(args.toArray());
  }
}
