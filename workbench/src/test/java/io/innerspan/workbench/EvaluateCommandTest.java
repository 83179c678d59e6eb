package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.innerspan.signals.Probe;
import io.innerspan.signals.pack.PackReader;
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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a model of which it is known what it holds, and texts of which it is known what they say. */
class EvaluateCommandTest {
  private static final List<String> BASELINES =
      List.of(
          "tf_idf",
          "char_ngram_naive_bayes",
          "output_confidence",
          "length",
          "random_direction",
          "label_shuffled",
          "difference_of_means");

  @TempDir private static Path folder;
  private static Path model;
  private static Path tokenizer;
  private static Path train;
  private static Path test;
  private static Path pack;

  @BeforeAll
  static void train() throws IOException {
    model = Planted.model(folder);
    tokenizer = Planted.tokenizer(folder);
    train = Planted.concept(folder.resolve("train.csv"), 600, 1);
    test = Planted.concept(folder.resolve("test.csv"), 400, 2);
    pack = trained("pack", train);
  }

  @Test
  void evaluate_plantedConcept_isFoundAtItsLayerAndByNoTextBaseline() {
    JsonObject report = json(evaluate(pack, test, "--train", train, "--by-layer", "--json"));

    assertThat(string(report, "pack", "hook_point")).isEqualTo(Planted.LAYER);
    assertThat(number(report, "auroc")).isEqualTo(1);
    assertThat(number(report, "auroc_low")).isEqualTo(1);
    assertThat(number(report, "pr_auc")).isEqualTo(1);
    for (String text : List.of("tf_idf", "char_ngram_naive_bayes", "length")) {
      assertThat(number(report, "baselines", text, "auroc")).as(text).isLessThan(.8);
      assertThat(number(report, "baselines", text, "difference_low")).as(text).isPositive();
    }
    assertThat(number(report, "baselines", "label_shuffled", "auroc")).isBetween(.1, .9);
    assertThat(report.getAsJsonObject("baselines").keySet())
        .containsExactlyInAnyOrderElementsOf(BASELINES);
    JsonElement early = report.getAsJsonArray("by_layer").get(0);
    JsonElement late = report.getAsJsonArray("by_layer").get(1);
    assertThat(number(early, "auroc")).isLessThan(.8);
    assertThat(number(late, "auroc")).isEqualTo(1);
    assertThat(number(late, "accuracy")).isEqualTo(1);
  }

  @Test
  void evaluate_plantedCue_saysThatTfIdfDoesAsWellAndShutsTheGate() throws IOException {
    Path cueTrain = Planted.cue(folder.resolve("cue-train.csv"), 400, 3);
    Path cueTest = Planted.cue(folder.resolve("cue-test.csv"), 300, 4);
    Path cuePack = trained("cue-pack", cueTrain);

    Command command = evaluate(cuePack, cueTest, "--train", cueTrain, "--gate");

    assertThat(command.exitCode()).as(command.err()).isEqualTo(3);
    assertThat(command.out())
        .contains("! TF-IDF + logistic regression does as well as the probe", "gate: FAILED");
    JsonObject report = json(evaluate(cuePack, cueTest, "--train", cueTrain, "--json"));
    assertThat(number(report, "auroc")).isGreaterThan(.999);
    assertThat(number(report, "baselines", "tf_idf", "auroc")).isGreaterThan(.999);
    assertThat(report.get("gate").getAsBoolean()).isFalse();
    assertThat(report.getAsJsonArray("baselines_as_good").toString()).contains("\"tf_idf\"");
  }

  @Test
  void evaluate_baselinesThatLearnAnotherSourcesCue_openTheGate() throws IOException {
    Path cue = Planted.cue(folder.resolve("other-source.csv"), 400, 7);

    Command command = evaluate(pack, test, "--train", cue, "--gate", "--json");

    assertThat(command.exitCode()).as(command.err()).isZero();
    JsonObject report = JsonParser.parseString(command.out()).getAsJsonObject();
    assertThat(report.get("gate").getAsBoolean()).isTrue();
    assertThat(number(report, "difference_to_best_baseline_low")).isPositive();
    assertThat(report.getAsJsonArray("baselines_as_good")).isEmpty();
    assertThat(evaluate(pack, test, "--train", cue, "--gate").out()).contains("gate: passed");
  }

  @Test
  void evaluate_tooFewGroups_shutTheGateWhateverTheInterval() throws IOException {
    Path cue = Planted.cue(folder.resolve("few-source.csv"), 400, 7);
    List<String> lines = Files.readAllLines(test);
    for (int rows : new int[] {4, 39, 40}) {
      // The header, then a positive row and another one in turn.
      Path few = Files.write(folder.resolve("few-" + rows + ".csv"), lines.subList(0, rows + 1));

      Command command = evaluate(pack, few, "--train", cue, "--gate", "--json");

      JsonObject report = JsonParser.parseString(command.out()).getAsJsonObject();
      assertThat(number(report, "auroc_low")).isEqualTo(1);
      assertThat(number(report, "data", "positive_groups")).isEqualTo((rows + 1) / 2);
      assertThat(number(report, "data", "other_groups")).isEqualTo(rows / 2);
      boolean enough = rows == 40;
      assertThat(command.exitCode()).as(command.err()).isEqualTo(enough ? 0 : 3);
      assertThat(report.get("gate").getAsBoolean()).isEqualTo(enough);
      if (!enough) {
        assertThat(command.err())
            .contains("innerspan: gate: ", "too few to tell: ", "expected at least 20 of each");
      }
    }
    assertThat(evaluate(pack, folder.resolve("few-39.csv"), "--train", cue).out())
        .contains("! 20 groups of positive and 19 of other rows: too few to tell");
  }

  @Test
  void evaluate_calibrationLatencyAndFalsePositives_areThoseOfTheLiveProbe() throws Exception {
    Probe probe = PackReader.read(pack).probes().get(0);
    List<String> texts = CsvTable.read(test).column("text");
    List<String> labels = CsvTable.read(test).column("label");
    List<TokenIds> rows = new ArrayList<>();
    try (TextTokenizer words = TextTokenizer.open(tokenizer)) {
      texts.forEach(text -> rows.add(words.encode(text)));
    }
    float[] logits = OnnxTextModel.open(model).readings(probe, List.of(rows)).get(0);
    double brier = 0;
    double[] surplus = new double[10];
    int[] inBin = new int[10];
    for (int i = 0; i < logits.length; i++) {
      double score = probe.calibration().score(logits[i]);
      int outcome = labels.get(i).equals("yes") ? 1 : 0;
      int bin = (int) Math.min(9, score * 10);
      brier += (score - outcome) * (score - outcome) / logits.length;
      surplus[bin] += (score - outcome) / logits.length;
      inBin[bin]++;
    }
    double ece = Arrays.stream(surplus).map(Math::abs).sum();

    JsonObject report =
        json(evaluate(pack, test, "--train", train, "--slice-column", "kind", "--json"));

    assertThat(number(report, "brier")).isCloseTo(brier, within(1e-4));
    assertThat(number(report, "ece")).isCloseTo(ece, within(1e-3));
    for (String name : List.of("ece", "brier", "pr_auc", "auroc")) {
      // The expected calibration error of a resample is greater, if anything.
      assertThat(number(report, name + "_low")).isLessThanOrEqualTo(number(report, name + "_high"));
    }
    assertThat(number(report, "brier"))
        .isBetween(number(report, "brier_low"), number(report, "brier_high"));
    int counted = 0;
    double positives = 0;
    for (JsonElement bin : report.getAsJsonArray("calibration_curve")) {
      assertThat(number(bin, "mean_score")).isBetween(number(bin, "from"), number(bin, "to"));
      int at = (int) Math.round(10 * number(bin, "from"));
      assertThat(number(bin, "rows")).isEqualTo(inBin[at]);
      counted += (int) number(bin, "rows");
      positives += number(bin, "rows") * number(bin, "positive_share");
    }
    assertThat(counted).isEqualTo(400);
    assertThat(positives).isCloseTo(200, within(1e-6));
    assertThat(number(report, "latency", "texts")).isEqualTo(50);
    assertThat(number(report, "latency", "plain_ms")).isPositive();
    assertThat(number(report, "latency", "with_probe_ms")).isPositive();
    assertThat(number(report, "latency", "added_ms"))
        .isLessThan(number(report, "latency", "with_probe_ms"));
    double benign = number(report, "threshold", "fpr", "rows");
    double flagged = number(report, "threshold", "fpr", "over");
    assertThat(benign).isPositive();
    for (JsonElement buckets :
        List.of(report.get("fpr_by_length"), report.getAsJsonObject("fpr_by_slice").get("kind"))) {
      double ofBuckets = 0;
      double overBuckets = 0;
      for (JsonElement bucket : buckets.getAsJsonArray()) {
        ofBuckets += number(bucket, "fpr", "rows");
        overBuckets += number(bucket, "fpr", "over");
        assertThat(number(bucket, "fpr", "upper_bound"))
            .isGreaterThanOrEqualTo(number(bucket, "fpr", "value"));
      }
      assertThat(ofBuckets).isEqualTo(benign);
      assertThat(overBuckets).isEqualTo(flagged);
    }
    // Every text has 8 to 12 words.
    assertThat(report.getAsJsonArray("fpr_by_length")).hasSize(1);
  }

  @Test
  void evaluate_controls_areMeansOfSeveralDraws() {
    JsonObject report = json(evaluate(pack, test, "--train", train, "--json"));

    for (String control : List.of("random_direction", "label_shuffled")) {
      List<Double> draws = new ArrayList<>();
      at(report, "baselines", control, "draws")
          .getAsJsonArray()
          .forEach(draw -> draws.add(draw.getAsDouble()));
      assertThat(draws).as(control).hasSize(5).doesNotHaveDuplicates();
      assertThat(number(report, "baselines", control, "auroc"))
          .isCloseTo(
              draws.stream().mapToDouble(Double::doubleValue).average().orElseThrow(),
              within(1e-9));
    }
    assertThat(at(report, "baselines", "tf_idf", "draws").getAsJsonArray()).hasSize(1);
  }

  @Test
  void evaluate_shuffledLabels_shutTheGate() throws IOException {
    Path lots = Planted.shuffled(folder.resolve("lots.csv"), 300, 5);

    Command command = evaluate(pack, lots, "--gate", "--json");

    assertThat(command.exitCode()).as(command.err()).isEqualTo(3);
    JsonObject report = JsonParser.parseString(command.out()).getAsJsonObject();
    assertThat(number(report, "auroc")).isCloseTo(.5, within(.1));
    assertThat(report.get("gate").getAsBoolean()).isFalse();
    assertThat(number(report, "data", "crosswise_folds")).isEqualTo(5);
  }

  @Test
  void evaluate_rowsThatThePackHasSeen_areLeftOutAndCounted() throws IOException {
    String seen =
        Files.readString(train).lines().skip(1).limit(40).reduce("", (a, b) -> a + b + "\n");
    Path mixed = Files.writeString(folder.resolve("mixed.csv"), Files.readString(test) + seen);

    JsonObject report = json(evaluate(pack, mixed, "--json"));

    // Of the training file's rows a quarter is the pack's own test part, which it has not seen.
    double excluded = number(report, "data", "excluded_seen_by_pack");
    assertThat(excluded).isBetween(20.0, 39.0);
    assertThat(number(report, "data", "positive_rows") + number(report, "data", "other_rows"))
        .isEqualTo(440 - excluded);
    JsonObject strict = json(evaluate(pack, mixed, "--train", train, "--json"));
    assertThat(
            number(strict, "data", "excluded_seen_by_pack")
                + number(strict, "data", "excluded_in_train_file"))
        .isEqualTo(40);
  }

  @Test
  void evaluate_copies_countOnce_orAsOftenAsTheyAreThere() throws IOException {
    List<String> lines = Files.readAllLines(test);
    List<String> copied = new ArrayList<>(lines);
    for (String line : lines.subList(1, 31)) {
      copied.add("  " + line.replace(" ", "  "));
    }
    Path copies = Files.write(folder.resolve("copies.csv"), copied);
    JsonObject once = json(evaluate(pack, test, "--json", "--latency-texts", 0));

    JsonObject left = json(evaluate(pack, copies, "--json", "--latency-texts", 0));
    JsonObject kept =
        json(evaluate(pack, copies, "--json", "--latency-texts", 0, "--keep-duplicates"));

    assertThat(number(left, "data", "copies_of_a_text")).isEqualTo(30);
    assertThat(left.getAsJsonObject("data").get("copies_kept").getAsBoolean()).isFalse();
    assertThat(left.get("baselines")).isEqualTo(once.get("baselines"));
    assertThat(left.get("calibration_curve")).isEqualTo(once.get("calibration_curve"));
    assertThat(number(kept, "data", "positive_rows") + number(kept, "data", "other_rows"))
        .isEqualTo(430);
    assertThat(number(kept, "data", "groups")).isEqualTo(400);
  }

  @Test
  void evaluate_onlySeenRows_isBadInput() throws IOException {
    Path same = Files.copy(train, folder.resolve("same.csv"));

    oneLine(
        evaluate(pack, same, "--train", train),
        same
            + ": expected at least 2 groups of positive rows to test on, found 0 after leaving out");
  }

  @Test
  void evaluate_fewBenignRows_refuseTheRateAndSayWhatTheyCertify() {
    JsonObject report = json(evaluate(pack, test, "--json"));

    JsonObject strict = report.getAsJsonObject("tpr_at_fpr").getAsJsonObject("0.001");
    assertThat(strict.get("certified").getAsBoolean()).isFalse();
    assertThat(strict.get("tpr").isJsonNull()).isTrue();
    assertThat(number(strict, "needs_n")).isEqualTo(2995);
    // Half of 200 benign rows: 1 − .05^(1/100).
    assertThat(number(strict, "benign_n")).isEqualTo(100);
    assertThat(number(strict, "fpr_bound")).isCloseTo(.0295, within(.0001));
  }

  @Test
  void evaluate_enoughSeparateBenignRows_certifyOnePercent() throws IOException {
    Path benign = folder.resolve("benign.csv");
    String negatives =
        Files.readString(Planted.concept(folder.resolve("more.csv"), 700, 6))
            .lines()
            .filter(line -> !line.contains(",yes,"))
            .reduce("", (a, b) -> a + b + "\n");
    Files.writeString(benign, negatives);

    JsonObject report = json(evaluate(pack, test, "--benign", benign, "--json"));

    JsonObject point = report.getAsJsonObject("tpr_at_fpr").getAsJsonObject("0.01");
    assertThat(point.get("certified").getAsBoolean()).isTrue();
    assertThat(number(point, "needs_n")).isEqualTo(299);
    assertThat(number(point, "tpr")).isEqualTo(1);
    assertThat(number(point, "measured_fpr", "rows")).isEqualTo(200);
    assertThat(string(report, "data", "benign_file")).isEqualTo("benign.csv");
  }

  @Test
  void evaluate_slicesAndSources_areTold() {
    JsonObject report =
        json(evaluate(pack, test, "--slice-column", "kind", "--source-column", "kind", "--json"));

    assertThat(report.getAsJsonObject("fpr_by_slice").getAsJsonArray("kind")).hasSize(2);
    assertThat(report.getAsJsonArray("fpr_by_length")).isNotEmpty();
    assertThat(report.getAsJsonArray("cross_source")).hasSize(2);
    JsonElement source = report.getAsJsonArray("cross_source").get(0);
    assertThat(string(source, "source")).isEqualTo("other");
    assertThat(number(source, "auroc")).isEqualTo(1);
    assertThat(number(source, "refit_auroc")).isGreaterThan(.9);
    assertThat(number(source, "baselines", "tf_idf")).isLessThan(.8);
  }

  @Test
  void evaluate_report_saysInWordsWhatTheNumbersSay_andLoadsNothing() throws IOException {
    Path cue = Planted.cue(folder.resolve("report-source.csv"), 400, 9);
    Path html = folder.resolve("report.html");

    Command command =
        evaluate(
            pack,
            test,
            "--train",
            cue,
            "--by-layer",
            "--slice-column",
            "kind",
            "--source-column",
            "kind",
            "--report",
            html);

    assertThat(command.exitCode()).as(command.err()).isZero();
    String page = Files.readString(html);
    assertThat(page)
        .contains(
            "<p>The gate is open: on these texts the probe is better than everything simpler.</p>",
            "the greater score in 100.0 % of pairs (95 % interval 100.0 % to 100.0 %)",
            "200 positive and 200 other rows in 400 groups, of the 400 rows of test.csv",
            "<td>naive Bayes on character 2- to 4-grams</td>",
            "<td>1.00 %</td><td class=\"n\">100 of 299</td>",
            "<td class=\"n\">refused</td>",
            "<td>" + Planted.LAYER + "</td><td class=\"n\">",
            "<td>third</td>");
    // Methods, ROC, precision, tokens, slice, calibration, layers, sources.
    assertThat(page.split("<svg ", -1)).hasSize(9);
    assertSelfContained(page);
  }

  @Test
  void evaluate_reportOfAShutGate_namesWhatDoesAsWell_andEscapesWhatTheDataSay()
      throws IOException {
    Path lots = Planted.shuffled(folder.resolve("<b>&lots.csv"), 120, 5);
    Path html = folder.resolve("shut.html");

    Command command = evaluate(pack, lots, "--gate", "--html", html);

    assertThat(command.exitCode()).as(command.err()).isEqualTo(3);
    String page = Files.readString(html);
    assertThat(page)
        .containsPattern("<p>The gate is shut: [^<]+</p>")
        .contains("&lt;b&gt;&amp;lots.csv")
        .contains("as good");
    assertSelfContained(page);
    oneLine(
        evaluate(pack, lots, "--html", folder.resolve("gone").resolve("report.html")),
        "report.html: expected a file in a folder that is there");
  }

  /** Nothing but the page itself, and colours of its own in light and in darkness. */
  private static void assertSelfContained(String page) {
    assertThat(page)
        .doesNotContain("<script", "<link", "<img", "src=", "@import", "url(http", "<b>")
        .contains("default-src 'none'", "prefers-color-scheme:dark", "var(--ink)")
        .doesNotContain("rgb(1,2,3)", "rgb(3,2,1)");
    assertThat(page.replace("http://www.w3.org/", "")).doesNotContain("http://", "https://");
  }

  @Test
  void evaluate_again_givesTheSameNumbers() {
    assertThat(evaluate(pack, test, "--train", train, "--latency-texts", 0, "--json").out())
        .isEqualTo(evaluate(pack, test, "--train", train, "--latency-texts", 0, "--json").out());
  }

  @Test
  void evaluate_badInput_isOneLine() throws IOException {
    oneLine(evaluate(pack, folder.resolve("gone.csv")), "gone.csv: expected a file, found nothing");
    oneLine(
        evaluate(pack, test, "--slice-column", "team"),
        "expected a column named 'team', found the columns [text, label, kind]");
    oneLine(evaluate(pack, test, "--probe", "other"), "expected a probe 'other', found [yes]");
    oneLine(
        evaluate(pack, test, "--tokenizer", MiniLm.tokenizer()),
        "expected the tokenizer of pack yes 1.0.0, sha256:");
    oneLine(
        evaluate(pack, test, "--model", MiniLm.model()), "expected a model with sha256:", "found");
    Path one = Files.writeString(folder.resolve("one.csv"), "text,label\nw0 w1,yes\nw0 w2,yes\n");
    oneLine(evaluate(pack, one), "expected rows with another label than 'yes', found none");
    oneLine(evaluate(folder, test), "probe.json");
  }

  private static Path trained(String name, Path data) {
    Path out = folder.resolve(name);
    Command command = Command.train(data, model, tokenizer, out);
    assertThat(command.exitCode()).as(command.err()).isZero();
    return out;
  }

  private static Command evaluate(Path pack, Path data, Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "evaluate",
                "--pack",
                pack,
                "--data",
                data,
                "--text-column",
                "text",
                "--label-column",
                "label",
                "--positive",
                "yes"));
    List<Object> options = List.of(more);
    for (Object option : List.of("--model", "--tokenizer")) {
      if (!options.contains(option)) {
        args.add(option);
        args.add(option.equals("--model") ? model : tokenizer);
      }
    }
    args.addAll(options);
    return Command.run(args.toArray());
  }

  private static JsonObject json(Command command) {
    assertThat(command.exitCode()).as(command.err()).isZero();
    return JsonParser.parseString(command.out()).getAsJsonObject();
  }

  private static void oneLine(Command command, String... parts) {
    assertThat(command.exitCode()).as(command.err()).isEqualTo(2);
    assertThat(command.err().lines().filter(line -> line.startsWith("innerspan: "))).hasSize(1);
    assertThat(command.err()).contains(parts);
    assertThat(command.out()).isEmpty();
  }

  private static double number(JsonElement json, String... path) {
    return at(json, path).getAsDouble();
  }

  private static String string(JsonElement json, String... path) {
    return at(json, path).getAsString();
  }

  private static JsonElement at(JsonElement json, String... path) {
    JsonElement at = json;
    for (String name : path) {
      at = at.getAsJsonObject().get(name);
    }
    return at;
  }
}
