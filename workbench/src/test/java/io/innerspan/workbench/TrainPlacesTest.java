package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.pack.PackException;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where {@code train} looks, how it pools, and activations that were captured before. */
class TrainPlacesTest {
  private static final String ATTENTION = "blocks.1.hook_attn_out";

  @TempDir private static Path folder;
  private static Path model;
  private static Path tokenizer;
  private static Path concept;
  private static Path cue;
  private static Path store;

  @BeforeAll
  static void write() throws IOException {
    model = Planted.model(folder);
    tokenizer = Planted.tokenizer(folder);
    concept = Planted.concept(folder.resolve("concept.csv"), 300, 1);
    cue = Planted.cue(folder.resolve("cue.csv"), 300, 1);
    store = captured("store", concept);
  }

  private static Path captured(String name, Path data, Object... more) {
    Path out = folder.resolve(name);
    List<Object> arguments =
        new ArrayList<>(List.of("capture", "--model", model, "--tokenizer", tokenizer));
    arguments.addAll(List.of("--data", data, "--text-column", "text"));
    arguments.addAll(List.of("--hook-point", ATTENTION, "--hook-point", Planted.LAYER));
    arguments.addAll(List.of("--store", out));
    arguments.addAll(List.of(more));
    Command command = Command.run(arguments.toArray());
    assertThat(command.exitCode()).as(command.err()).isZero();
    return out;
  }

  @Test
  void train_site_isTriedInEveryLayer() throws Exception {
    ProbePack pack = train(concept, "site", "--site", "attn_out");
    assertThat(pack.probes().get(0).hookPoint().name()).isEqualTo(ATTENTION);
    assertThat(auroc(pack)).isEqualTo(1);
    // Two layers, four poolings, five strengths.
    assertThat(readme("site")).contains("40 candidates", " --site attn_out");

    train(concept, "sites", "--site", "attn_out", "--site", "resid_post");
    assertThat(readme("sites")).contains("80 candidates", " --site attn_out --site resid_post");
  }

  @Test
  void train_hookPoint_isTheOnlyPlace_besideSitesOneMore() throws Exception {
    ProbePack pack = train(concept, "place", "--hook-point", ATTENTION);
    assertThat(pack.probes().get(0).hookPoint().name()).isEqualTo(ATTENTION);
    assertThat(readme("place")).contains("20 candidates", " --hook-point " + ATTENTION);

    // The second place is a layer's output again: each place is tried once.
    train(
        concept,
        "more",
        "--site",
        "resid_post",
        "--hook-point",
        ATTENTION,
        "--hook-point",
        Planted.LAYER);
    assertThat(readme("more")).contains("60 candidates");
  }

  @ParameterizedTest
  @CsvSource({"top_k_mean=2", "rolling_max=2", "softmax=0.5", "ema", "max", "cls"})
  void train_onePooling_isThePacksOwn_asALiveSessionReadsIt(String pooling) throws Exception {
    String name = "pooling-" + pooling.replaceAll("[^a-z]", "");
    // The second layer: what stands at the first token has seen no other.
    ProbePack pack = train(cue, name, "--hook-point", Planted.LAYER, "--pooling", pooling);
    LinearProbe probe = (LinearProbe) pack.probes().get(0);
    assertThat(probe.pooling().kind().label()).isEqualTo(pooling.replaceAll("=.*", ""));
    assertThat(readme(name)).contains(" 5 candidates", " --pooling " + pooling);
    if (!pooling.equals("cls")) {
      assertThat(auroc(pack)).isGreaterThan(0.95);
    }
    LiveReadings.agree(folder, name, probe, model, tokenizer, 30);
  }

  @Test
  void train_poolingOfLogitsCrosswise_isThePacksOwn_andTheSameAgain() throws Exception {
    String[] options = {"--hook-point", Planted.LAYER, "--pooling", "ema", "--folds", "3"};
    ProbePack pack = train(cue, "crosswise", (Object[]) options);
    LinearProbe probe = (LinearProbe) pack.probes().get(0);
    assertThat(probe.pooling().kind().label()).isEqualTo("ema");
    assertThat(readme("crosswise")).contains(" 5 candidates", "crosswise over 3 folds");
    assertThat(auroc(pack)).isGreaterThan(0.95);
    ProbePack again = train(cue, "crosswise-again", (Object[]) options);
    assertThat(again.probes()).isEqualTo(pack.probes());
    LiveReadings.agree(folder, "crosswise", probe, model, tokenizer, 30);
  }

  @ParameterizedTest
  @ValueSource(strings = {"multimax", "rolling-attention"})
  void train_heads_findAWordWhereverItStands(String learner) throws Exception {
    ProbePack pack = train(cue, learner, "--hook-point", Planted.LAYER, "--learner", learner);
    AttentionProbe probe = (AttentionProbe) pack.probes().get(0);
    assertThat(probe.rule().kind().label()).isEqualTo(learner.replace('-', '_'));
    assertThat(auroc(pack)).isGreaterThan(0.99);
    LiveReadings.agree(folder, learner, probe, model, tokenizer, 30);
  }

  @Test
  void train_store_learnsTheSameFromWhatWasCaptured() throws Exception {
    ProbePack live =
        train(concept, "run", "--hook-point", ATTENTION, "--hook-point", Planted.LAYER);
    ProbePack stored = train(concept, "stored", "--store", store);

    LinearProbe expected = (LinearProbe) live.probes().get(0);
    LinearProbe found = (LinearProbe) stored.probes().get(0);
    assertThat(found.hookPoint()).isEqualTo(expected.hookPoint());
    assertThat(found.pooling()).isEqualTo(expected.pooling());
    for (int d = 0; d < expected.width(); d++) {
      assertThat(found.weight(d)).isCloseTo(expected.weight(d), within(1e-4f));
    }
    assertThat(auroc(stored)).isEqualTo(auroc(live));
    assertThat(readme("stored")).contains("40 candidates", " --store store");
    LiveReadings.agree(folder, "stored", found, model, tokenizer, 30);
    // Networks read every token of it.
    ProbePack mlp = train(concept, "mlp", "--store", store, "--learner", "mlp");
    assertThat(auroc(mlp)).isGreaterThan(0.95);
  }

  @Test
  void train_storeOfSomethingElse_isBadInput() throws Exception {
    refused(cue, "activations of every text of the data (capture the same file)", store);
    refused(
        concept,
        "expected a store of the model as it is, found one with random weights",
        captured("random", concept, "--random-weights", 1));
    refused(concept, "index.json", folder);
    Path other = Files.createDirectories(folder.resolve("other"));
    Path vocabulary = Planted.tokenizer(other);
    Files.writeString(vocabulary, Files.readString(vocabulary).replace("\"w3\":3", "\"x3\":3"));
    Command tokens =
        Command.train(concept, model, vocabulary, folder.resolve("none"), "--store", store);
    expectBad(tokens, store + ": expected a store of the tokenizer sha256:");
    Path real = MiniLm.model();
    expectBad(
        Command.train(concept, real, tokenizer, folder.resolve("none"), "--store", store),
        store + ": expected a store of the model sha256:");
    refused(
        concept,
        "expected activations at 'blocks.0.hook_resid_post'",
        store,
        "--site",
        "resid_post");
  }

  @Test
  void train_placesAndPoolingsThatCannotBe_areBadInput() {
    refused(
        concept,
        "expected a transformer with mlp_out to read, found 2 layers, none",
        null,
        "--site",
        "mlp_out");
    refused(
        concept, "'blocks.7.hook_resid_post'", null, "--hook-point", "blocks.7.hook_resid_post");
    refused(concept, "--hook-point: expected a name, found ' '", null, "--hook-point", " ");
    refused(concept, "--pooling: expected one of [mean", null, "--pooling", "median");
    refused(
        concept,
        "--pooling: expected mean, cls or last for --learner lda, found [max]",
        null,
        "--pooling",
        "max",
        "--learner",
        "lda");
    assertThat(folder.resolve("none")).doesNotExist();
  }

  private static void refused(Path data, String message, Path store, Object... more) {
    List<Object> options = new ArrayList<>(List.of(more));
    if (store != null) {
      options.addAll(List.of("--store", store));
    }
    expectBad(
        Command.train(data, model, tokenizer, folder.resolve("none"), options.toArray()), message);
  }

  private static void expectBad(Command command, String message) {
    assertThat(command.exitCode()).as(command.err()).isEqualTo(2);
    assertThat(command.err()).contains(message);
    assertThat(command.out()).isEmpty();
  }

  private static double auroc(ProbePack pack) {
    return pack.report("yes").metrics().get("auroc").value();
  }

  private static String readme(String name) throws IOException {
    return Files.readString(folder.resolve(name).resolve("README.md"));
  }

  private static ProbePack train(Path data, String name, Object... more) throws PackException {
    List<Object> options = new ArrayList<>(List.of("--test-out", folder.resolve(name + ".csv")));
    options.addAll(List.of(more));
    Command command =
        Command.train(data, model, tokenizer, folder.resolve(name), options.toArray());
    assertThat(command.exitCode()).as(command.err()).isZero();
    return PackReader.read(folder.resolve(name));
  }
}
