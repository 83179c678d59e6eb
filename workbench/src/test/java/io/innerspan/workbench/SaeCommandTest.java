package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.innerspan.signals.Floats;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Sae;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.PackReader;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.pack.SaeLensFolder;
import io.innerspan.workbench.sae.SaePack;
import io.innerspan.workbench.store.ActivationStore;
import io.innerspan.workbench.store.StoreRows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sae} through the command, on a real model and few texts. */
class SaeCommandTest {
  private static final String PLACE = "blocks.3.hook_normalized_resid_post";

  @TempDir private static Path shared;
  private static Path store;
  private static Path packs;
  private static JsonObject trained;

  @TempDir private Path folder;

  @BeforeAll
  static void train() throws Exception {
    store = captured(shared.resolve("store"), "--group-column", "family");
    packs = shared.resolve("packs");
    trained = json(train(packs));
  }

  @Test
  void train_writesAPackForEachSeedThatTheModelTakes() throws Exception {
    JsonArray told = trained.getAsJsonArray("packs");
    assertThat(told).hasSize(3);
    for (int seed = 1; seed <= 3; seed++) {
      Path folder = packs.resolve("seed-" + seed);
      ProbePack pack = PackReader.read(folder);
      assertThat(told.get(seed - 1).getAsJsonObject().get("digest").getAsString())
          .isEqualTo(pack.digest());
      SaeFeatures signal = (SaeFeatures) pack.signals().get(0);
      assertThat(signal.sae().features()).isEqualTo(256);
      assertThat(signal.hookPoint().name()).isEqualTo(PLACE);
      assertThat(signal.tokens().excludedIds()).as("[CLS] and [SEP]").containsExactly(101L, 102L);
      assertThat(signal.sae().activation()).isInstanceOf(Sae.Activation.TopK.class);
      JsonObject record =
          JsonParser.parseString(Files.readString(folder.resolve("sae-training.json")))
              .getAsJsonObject();
      JsonArray curve = record.getAsJsonArray("curve");
      assertThat(unexplained(curve, curve.size() - 1)).isLessThan(unexplained(curve, 0) / 2);
    }
    Command check = Command.run("check", packs.resolve("seed-1"), "--model", MiniLm.model());
    assertThat(check.exitCode()).as(check.err()).isZero();
  }

  @Test
  void train_withItsModel_writesPacksThatProveThemselves() throws Exception {
    ProbePack pack = PackReader.read(packs.resolve("seed-1"));
    JsonObject told = trained.getAsJsonArray("packs").get(0).getAsJsonObject();
    assertThat(told.get("golden_inputs").getAsInt()).isEqualTo(2);
    assertThat(pack.goldenInputs()).extracting(GoldenInput::rows).containsExactly(1, 3);
    assertThat(pack.goldenInputs()).allMatch(golden -> golden.values().containsKey("sae_features"));

    Path changed = folder.resolve("changed");
    SaeFeatures signal = (SaeFeatures) pack.signals().get(0);
    SaePack.write(
        changed,
        pack.name(),
        pack.version(),
        pack.licence(),
        pack.model(),
        pack.tokenizer(),
        withWeight(signal, strongest(pack)),
        pack.goldenInputs());

    assertThat(verify(packs.resolve("seed-1")).exitCode()).isZero();
    Command contradicted = verify(changed);
    assertThat(contradicted.exitCode()).isEqualTo(2);
    assertThat(contradicted.err()).contains("golden input 0", "sae_features");
  }

  @Test
  void train_withoutItsModel_saysThatNothingIsProven_andAnotherModelIsRefused() throws Exception {
    Command without =
        Command.run(
            "sae",
            "train",
            "--store",
            store,
            "--features",
            16,
            "--k",
            2,
            "--epochs",
            1,
            "--seeds",
            1,
            "--out",
            folder.resolve("without"),
            "--json");
    JsonObject told = json(without).getAsJsonArray("packs").get(0).getAsJsonObject();
    assertThat(told.get("golden_inputs").getAsInt()).isZero();
    assertThat(without.err()).contains("no --model");
    Path none = folder.resolve("none");
    Command.run("sae", "train", "--store", store, "--model", Planted.model(folder), "--out", none)
        .assertRefused("the store's model sha256:");
    assertThat(none).doesNotExist();
  }

  private static Command verify(Path pack) {
    return Command.run("pack", "verify", pack, "--model", MiniLm.model());
  }

  /** The feature that the first golden input has on top. */
  private static int strongest(ProbePack pack) {
    SaeFeatures signal = (SaeFeatures) pack.signals().get(0);
    int column = signal.columnNames().indexOf("top.0.index");
    assertThat(column).as(signal.columnNames().toString()).isNotNegative();
    return (int) pack.goldenInputs().get(0).values().get("sae_features").toFloats()[column];
  }

  /** The same with one weight changed: from the activation's first dimension to a feature. */
  private static SaeFeatures withWeight(SaeFeatures signal, int feature) {
    Sae sae = signal.sae();
    float[] encoder = sae.encoder().toArray();
    encoder[feature] += 10;
    Sae changed =
        new Sae(
            sae.in(),
            sae.features(),
            sae.activation(),
            sae.normalization(),
            sae.subtractDecoderBias(),
            Floats.of("W_enc", encoder),
            sae.decoder(),
            sae.decoderBias());
    return SaePack.signal(
        signal.id(), signal.hookPoint(), signal.tokens(), changed, signal.dictionary());
  }

  @Test
  void train_again_givesTheSameBytes() throws Exception {
    Path again = folder.resolve("again");
    json(train(store, again, "--model", MiniLm.model(), "--seed", 2, "--seeds", 1));
    assertThat(digest(again, 2)).isEqualTo(digest(packs, 2));
    assertThat(digest(packs, 1)).isNotEqualTo(digest(packs, 2));
  }

  @Test
  void evaluate_beatsTheControls_andReinsertsIntoTheModel() throws Exception {
    Path html = folder.resolve("report.html");
    JsonObject told =
        json(evaluate(packs, live(10, "--positive", "bad", "--html", html, "--json")));
    assertThat(told.get("probing_above_untrained").isJsonNull()).isTrue();
    JsonArray seeds = told.getAsJsonArray("seeds");
    assertThat(seeds).hasSize(3);
    for (int i = 0; i < 3; i++) {
      JsonObject seed = seeds.get(i).getAsJsonObject();
      assertThat(number(seed, "explained_variance"))
          .isGreaterThan(number(control(told, "random dictionary"), "explained_variance") + 0.1);
      assertThat(number(seed, "l0")).isLessThanOrEqualTo(8);
      assertThat(number(seed, "alive")).isBetween(0.1, 1.0);
      JsonObject loss = seed.getAsJsonObject("loss");
      assertThat(number(loss, "original")).isCloseTo(0, within(1e-6));
      assertThat(number(loss, "recovered")).isBetween(0.3, 1.0);
      assertThat(number(loss, "mean_ablated")).isGreaterThan(number(loss, "reconstructed"));
      JsonObject probing = seed.getAsJsonObject("sparse_probing");
      assertThat(number(probing, "auroc_k5")).isBetween(0.8, 1.0);
      assertThat(number(probing, "auroc_k1_low"))
          .isLessThanOrEqualTo(number(probing, "auroc_k1"))
          .isLessThanOrEqualTo(number(probing, "auroc_k1_high"));
      // What a random dictionary recovers of the loss is what any dictionary does.
      assertThat(number(loss, "recovered"))
          .isGreaterThan(
              number(control(told, "random dictionary").getAsJsonObject("loss"), "recovered"));
    }
    assertThat(told.get("enough_seeds").getAsBoolean()).isTrue();
    JsonObject dictionary = control(told, "random dictionary");
    assertThat(dictionary.getAsJsonArray("draws")).hasSize(3);
    double sum = 0;
    for (var draw : dictionary.getAsJsonArray("draws")) {
      double explained = number(draw.getAsJsonObject(), "explained_variance");
      assertThat(explained)
          .isBetween(
              number(dictionary, "explained_variance_least"),
              number(dictionary, "explained_variance_greatest"));
      sum += explained;
    }
    assertThat(number(dictionary, "explained_variance")).isCloseTo(sum / 3, within(1e-12));
    assertThat(number(dictionary, "explained_variance_least"))
        .isLessThan(number(dictionary, "explained_variance_greatest"));
    JsonObject principal = control(told, "pca").getAsJsonObject("loss");
    assertThat(number(principal, "recovered")).isBetween(0.0, 1.0);
    assertThat(number(principal, "mean_ablated"))
        .isEqualTo(number(seeds.get(0).getAsJsonObject().getAsJsonObject("loss"), "mean_ablated"));
    assertThat(number(control(told, "pca"), "l0")).isEqualTo(8);
    assertThat(number(control(told, "dimensions").getAsJsonObject("sparse_probing"), "auroc_all"))
        .isGreaterThan(0.9);
    assertThat(told.getAsJsonArray("agreement")).hasSize(3);
    String page = Files.readString(html);
    assertThat(page).contains("<svg").contains("random dictionary").contains("k-sparse probing");
    assertThat(page).doesNotContain("<script").doesNotContain("src=").doesNotContain("<link");
  }

  @Test
  void evaluate_untrainedControl_isTrainedLikewise() throws Exception {
    Path random = folder.resolve("random");
    captured(random, "--random-weights", 3, "--group-column", "family");
    Path html = folder.resolve("untrained.html");
    Object[] asked = {"--untrained", random, "--positive", "bad", "--html", html, "--json"};
    JsonObject told = json(evaluate(packs.resolve("seed-1"), live(10, asked)));
    // The same as training on that store with these options.
    Path likewise = folder.resolve("likewise");
    json(train(random, likewise, "--seeds", 1));
    JsonObject its =
        json(Command.run("sae", "evaluate", "--sae", likewise, "--store", random, "--json"));
    JsonObject seed = its.getAsJsonArray("seeds").get(0).getAsJsonObject();
    assertThat(number(control(told, "untrained model"), "explained_variance"))
        .isEqualTo(number(seed, "explained_variance"))
        .isLessThan(1);
    assertThat(number(control(told, "untrained model"), "alive")).isEqualTo(number(seed, "alive"));
    assertThat(told.get("enough_seeds").getAsBoolean()).isFalse();
    // Its loss is that of the model with random weights, by its own activations.
    JsonObject loss = control(told, "untrained model").getAsJsonObject("loss");
    assertThat(number(loss, "original")).isCloseTo(0, within(1e-6));
    assertThat(number(loss, "recovered")).isBetween(0.0, 1.0);
    assertThat(number(loss, "mean_ablated"))
        .isGreaterThan(0)
        .isNotEqualTo(number(control(told, "pca").getAsJsonObject("loss"), "mean_ablated"));
    JsonObject above = told.getAsJsonObject("probing_above_untrained");
    for (String k : List.of("auroc_k1", "auroc_k2", "auroc_k5")) {
      JsonObject ours = told.getAsJsonArray("seeds").get(0).getAsJsonObject();
      double difference =
          number(ours.getAsJsonObject("sparse_probing"), k)
              - number(control(told, "untrained model").getAsJsonObject("sparse_probing"), k);
      assertThat(number(above, k))
          .isCloseTo(difference, within(1e-12))
          .isBetween(number(above, k + "_low"), number(above, k + "_high"));
    }
    assertThat(Files.readString(html)).contains("above the untrained model");
    Command text = evaluate(packs.resolve("seed-1"), "--untrained", random, "--positive", "bad");
    assertThat(text.out()).contains("AUROC above the untrained model's: k = 1 ");
    evaluate(packs.resolve("seed-1"), "--untrained", store).assertRefused("--random-weights");
    Command.run("sae", "evaluate", "--sae", packs.resolve("seed-1"), "--store", random)
        .assertRefused("a pack for the store's model");
  }

  @Test
  void evaluate_storeWithoutTheGroupsOfTraining_isRefused() throws Exception {
    Path without = captured(folder.resolve("without"));
    Command.run("sae", "evaluate", "--sae", packs, "--store", without)
        .assertRefused(
            without
                + ": expected the group column that training held texts out by, family, found null");
  }

  @Test
  void train_batchTopK_isAThresholdAfterwards() throws Exception {
    Path out = folder.resolve("batch");
    json(
        Command.run(
            "sae",
            "train",
            "--store",
            store,
            "--kind",
            "batch_topk",
            "--features",
            128,
            "--k",
            8,
            "--epochs",
            20,
            "--batch",
            256,
            "--seeds",
            1,
            "--out",
            out,
            "--json"));
    SaeFeatures signal = (SaeFeatures) PackReader.read(out.resolve("seed-1")).signals().get(0);
    assertThat(signal.sae().activation()).isInstanceOf(Sae.Activation.JumpRelu.class);
    JsonObject told =
        json(
            Command.run(
                "sae", "evaluate", "--sae", out.resolve("seed-1"), "--store", store, "--json"));
    JsonObject seed = told.getAsJsonArray("seeds").get(0).getAsJsonObject();
    assertThat(number(seed, "l0")).isBetween(4.0, 14.0);
    assertThat(seed.get("sparse_probing").isJsonNull()).isTrue();
  }

  @Test
  void exportAndImport_keepTheWeights() throws Exception {
    Path exported = folder.resolve("saelens");
    Command export =
        Command.run("sae", "export", "--sae", packs.resolve("seed-1"), "--out", exported);
    assertThat(export.exitCode()).as(export.err()).isZero();
    assertThat(exported.resolve("cfg.json")).content().contains("\"architecture\": \"topk\"");
    Path imported = folder.resolve("imported");
    Command back =
        Command.run(
            "sae",
            "import",
            "--saelens",
            exported,
            "--model",
            MiniLm.model(),
            "--exclude-ids",
            "101,102",
            "--out",
            imported);
    assertThat(back.exitCode()).as(back.err()).isZero();
    SaeFeatures before = (SaeFeatures) PackReader.read(packs.resolve("seed-1")).signals().get(0);
    SaeFeatures after = (SaeFeatures) PackReader.read(imported).signals().get(0);
    assertThat(after.sae()).isEqualTo(before.sae());
    assertThat(after.hookPoint()).isEqualTo(before.hookPoint());
    assertThat(after.tokens()).isEqualTo(before.tokens());

    Files.delete(exported.resolve("cfg.json"));
    Command.run(
            "sae",
            "import",
            "--saelens",
            exported,
            "--model",
            MiniLm.model(),
            "--out",
            folder.resolve("none"))
        .assertRefused("cfg.json");
  }

  @Test
  void evaluate_autoencoderThatLosesNothing_recoversAll_andItsDeadFeatureIsTold() throws Exception {
    // ReLU(x) and ReLU(-x): x = ReLU(x) - ReLU(-x). The last feature is never active.
    int width = 384;
    int features = 2 * width + 1;
    float[] encoder = new float[features * width];
    float[] decoder = new float[features * width];
    for (int d = 0; d < width; d++) {
      encoder[d * features + d] = 1;
      encoder[d * features + width + d] = -1;
      decoder[d * width + d] = 1;
      decoder[(width + d) * width + d] = -1;
    }
    Sae sae =
        new Sae(
            width,
            features,
            new Sae.Activation.Standard(Floats.of("b_enc", new float[features])),
            Sae.Normalization.NONE,
            false,
            Floats.of("W_enc", encoder),
            Floats.of("W_dec", decoder),
            Floats.of("b_dec", new float[width]));
    SaeFeatures signal =
        new SaeFeatures("x", new HookPoint(PLACE), sae, SaeFeatures.Scope.TOKENS, 1, List.of());
    Path exported = folder.resolve("saelens");
    SaeLensFolder.write(exported, signal);
    Path pack = folder.resolve("pack");
    Command imported =
        Command.run(
            "sae", "import", "--saelens", exported, "--model", MiniLm.model(), "--out", pack);
    assertThat(imported.exitCode()).as(imported.err()).isZero();
    JsonObject told = json(evaluate(pack, live(5, "--json")));
    JsonObject seed = told.getAsJsonArray("seeds").get(0).getAsJsonObject();
    assertThat(number(seed, "explained_variance")).isCloseTo(1, within(1e-5));
    assertThat(number(seed, "l0")).as("one of each pair").isCloseTo(width, within(1.0));
    assertThat(number(seed, "alive")).isEqualTo((double) active(width) / features);
    assertThat(number(seed.getAsJsonObject("loss"), "recovered")).isCloseTo(1, within(1e-4));
    assertThat(number(control(told, "pca"), "explained_variance")).isCloseTo(1, within(1e-4));
  }

  /** How many dimensions of the store are above 0 on some token, and how many below. */
  private static int active(int width) throws Exception {
    StoreRows rows = ActivationStore.open(store).texts(PLACE).rows();
    boolean[] above = new boolean[width];
    boolean[] below = new boolean[width];
    float[] x = new float[width];
    for (int token = 0; token < rows.count(); token++) {
      rows.copy(token, x, 0);
      for (int d = 0; d < width; d++) {
        above[d] |= x[d] > 0;
        below[d] |= x[d] < 0;
      }
    }
    int active = 0;
    for (int d = 0; d < width; d++) {
      active += (above[d] ? 1 : 0) + (below[d] ? 1 : 0);
    }
    return active;
  }

  @Test
  void badOptions_areRefusedBeforeTheWork() {
    Path out = folder.resolve("out");
    Command.run("sae", "train", "--store", store, "--k", 0, "--out", out)
        .assertRefused("--k: expected 1");
    Command.run("sae", "train", "--store", store, "--hold-out", 1, "--out", out)
        .assertRefused("--hold-out");
    Command.run("sae", "train", "--store", store, "--hook-point", "x", "--out", out)
        .assertRefused("activations at 'x'");
    Command.run("sae", "train", "--store", folder, "--out", out).assertRefused("index.json");
    Command.run("sae", "evaluate", "--sae", packs, "--store", store, "--positive", "nobody's label")
        .assertRefused("one kind only");
    assertThat(out).doesNotExist();
  }

  private static Command train(Path out) {
    return train(store, out, "--model", MiniLm.model());
  }

  private static Command train(Path from, Path out, Object... more) {
    Object[] args = {
      "sae",
      "train",
      "--store",
      from,
      "--features",
      256,
      "--k",
      8,
      "--epochs",
      20,
      "--batch",
      256,
      "--hold-out",
      0.2,
      "--out",
      out,
      "--json"
    };
    return Command.run(all(args, more));
  }

  private static Command evaluate(Path sae, Object... more) {
    return Command.run(all(new Object[] {"sae", "evaluate", "--sae", sae, "--store", store}, more));
  }

  /** What reinserts reconstructions of some texts into the model. */
  private static Object[] live(int texts, Object... more) {
    Object[] args = {
      "--model", MiniLm.model(), "--tokenizer", MiniLm.tokenizer(), "--loss-texts", texts
    };
    return all(args, more);
  }

  private static Object[] all(Object[] some, Object... more) {
    return Stream.concat(Arrays.stream(some), Arrays.stream(more)).toArray();
  }

  private static Path captured(Path store, Object... more) throws Exception {
    Path data = SmallData.write(store.resolveSibling("texts.csv"));
    Object[] args = {
      "capture",
      "--model",
      MiniLm.model(),
      "--tokenizer",
      MiniLm.tokenizer(),
      "--data",
      data,
      "--text-column",
      "text",
      "--label-column",
      "label",
      "--hook-point",
      PLACE,
      "--store",
      store
    };
    Command command = Command.run(all(args, more));
    assertThat(command.exitCode()).as(command.err()).isZero();
    return store;
  }

  private static String digest(Path packs, int seed) throws Exception {
    return PackReader.read(packs.resolve("seed-" + seed)).digest();
  }

  private static double unexplained(JsonArray curve, int point) {
    return curve.get(point).getAsJsonObject().get("unexplained").getAsDouble();
  }

  private static JsonObject control(JsonObject told, String name) {
    for (var control : told.getAsJsonArray("controls")) {
      if (control.getAsJsonObject().get("name").getAsString().equals(name)) {
        return control.getAsJsonObject();
      }
    }
    throw new AssertionError("no control '" + name + "' in " + told);
  }

  private static double number(JsonObject object, String name) {
    return object.get(name).getAsDouble();
  }

  private static JsonObject json(Command command) {
    assertThat(command.exitCode()).as(command.err()).isZero();
    return JsonParser.parseString(command.out()).getAsJsonObject();
  }
}
