package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.innerspan.signals.Floats;
import io.innerspan.signals.Sae;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.pack.PackReader;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.reference.ReferenceSae;
import io.innerspan.workbench.sae.SaePack;
import io.innerspan.workbench.store.ActivationStore;
import io.innerspan.workbench.store.StoreTexts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code features} through the command, on a real model and few texts. */
class FeaturesCommandTest {
  private static final String PLACE = "blocks.3.hook_normalized_resid_post";
  private static final int FEATURES = 96;

  @TempDir private static Path shared;
  private static Path store;
  private static Path pack;

  @TempDir private Path folder;
  private Path dictionary;

  @BeforeAll
  static void train() throws Exception {
    Path data =
        Files.writeString(
            shared.resolve("texts.txt"),
            "The toaster 😀 burns bread\nA 🍞 toaster & its <manual>\nNo appliance here at all\n"
                + "Trains leave at noon\nTrains arrive at night\nBread is baked at dawn\n"
                + "The night train\nA letter about the toaster\n");
    store = shared.resolve("store");
    ok(
        "capture",
        "--model",
        MiniLm.model(),
        "--tokenizer",
        MiniLm.tokenizer(),
        "--data",
        data,
        "--hook-point",
        PLACE,
        "--store",
        store);
    ok(
        "sae",
        "train",
        "--store",
        store,
        "--features",
        FEATURES,
        "--k",
        4,
        "--epochs",
        60,
        "--batch",
        32,
        "--hold-out",
        0,
        "--seeds",
        2,
        "--out",
        shared.resolve("packs"));
    pack = shared.resolve("packs").resolve("seed-1");
  }

  @BeforeEach
  void nameDictionary() {
    dictionary = folder.resolve("features.db");
  }

  @Test
  void build_examplesAreExactlyTheStrongestTexts() throws Exception {
    JsonObject built = JsonParser.parseString(build("v1", pack)).getAsJsonObject();
    assertThat(built.get("features").getAsInt()).isEqualTo(FEATURES);
    double[][] strongest = strongestByText();
    int checked = 0;
    for (int f = 0; f < FEATURES; f++) {
      JsonObject shown = show("v1", Integer.toString(f));
      List<Double> expected = new ArrayList<>();
      for (double[] text : strongest) {
        if (text[f] > 0) {
          expected.add(text[f]);
        }
      }
      expected.sort(Comparator.reverseOrder());
      JsonArray examples = shown.getAsJsonArray("examples");
      assertThat(examples).as("feature " + f).hasSize(Math.min(3, expected.size()));
      for (int i = 0; i < examples.size(); i++) {
        JsonObject example = examples.get(i).getAsJsonObject();
        assertThat(example.get("activation").getAsDouble())
            .isEqualTo(expected.get(i), within(1e-3));
        checkTokens(example);
        checked++;
      }
      long counted = 0;
      for (JsonElement bin : shown.getAsJsonArray("histogram")) {
        counted += bin.getAsJsonObject().get("count").getAsLong();
      }
      assertThat(counted).isEqualTo(shown.get("active").getAsLong());
    }
    assertThat(checked).isGreaterThan(20);
    assertThat(built.get("alive").getAsInt()).isBetween(10, FEATURES);
  }

  /** Tokens are whole words of the text here, however many characters lie before them. */
  private static void checkTokens(JsonObject example) {
    String text = example.get("text").getAsString();
    double greatest = 0;
    String peak = "";
    for (JsonElement each : example.getAsJsonArray("tokens")) {
      JsonObject token = each.getAsJsonObject();
      String word = text.substring(token.get("begin").getAsInt(), token.get("end").getAsInt());
      assertThat(word).isNotBlank().isEqualTo(word.strip());
      if (token.get("activation").getAsDouble() > greatest) {
        greatest = token.get("activation").getAsDouble();
        peak = word;
      }
    }
    assertThat(peak).isEqualTo(example.get("peak").getAsString());
    assertThat(greatest).isEqualTo(example.get("activation").getAsDouble(), within(1e-6));
  }

  @Test
  void search_findsWordsOfTokensTextsAndLabels() throws Exception {
    build("v1", pack);
    JsonArray toaster = search("v1", "toaster");
    assertThat(toaster).isNotEmpty();
    for (JsonElement hit : toaster) {
      JsonObject shown = show("v1", hit.getAsJsonObject().get("id").getAsString());
      assertThat(shown.getAsJsonArray("examples").toString()).containsIgnoringCase("toaster");
    }
    assertThat(search("v1", "toas*")).hasSameSizeAs(toaster);
    assertThat(search("v1", "zebra")).isEmpty();
    assertThat(search("v1", "\"toaster' OR -(NEAR")).as("no operators").isEmpty();

    String id = show("v1", "5").get("id").getAsString();
    label(id, 5, "zebra crossings");
    JsonObject hit = search("v1", "zebra").get(0).getAsJsonObject();
    assertThat(hit.get("id").getAsString()).isEqualTo(id);
    assertThat(hit.get("label").getAsString()).isEqualTo("zebra crossings");
    assertThat(hit.get("snippet").getAsString()).contains("⟦zebra⟧");
  }

  @Test
  void labels_surviveAnotherOrderOfTheFeatures() throws Exception {
    build("v1", pack);
    String id = show("v1", "5").get("id").getAsString();
    label(id, 5, "old friend");
    Path turned = folder.resolve("turned");
    reversed(pack, turned);
    build("v2", turned);
    JsonObject shown = show("v2", Integer.toString(FEATURES - 1 - 5));
    assertThat(shown.get("id").getAsString()).isEqualTo(id);
    assertThat(shown.getAsJsonArray("labels").toString()).contains("old friend");
    assertThat(search("v2", "friend").get(0).getAsJsonObject().get("index").getAsInt())
        .isEqualTo(FEATURES - 1 - 5);
    JsonObject diff = diff("v1", "v2");
    assertThat(diff.getAsJsonObject("counts").get("same").getAsInt()).isEqualTo(FEATURES);

    // Built again, the version is what it was, and keeps its labels.
    assertThat(
            Command.run(
                    "features",
                    "build",
                    "--sae",
                    pack,
                    "--store",
                    store,
                    "--dictionary",
                    dictionary,
                    "--version-name",
                    "v1")
                .exitCode())
        .isEqualTo(2);
    JsonObject before = show("v1", "5");
    ok(
        "features",
        "build",
        "--sae",
        pack,
        "--store",
        store,
        "--dictionary",
        dictionary,
        "--version-name",
        "v1",
        "--replace",
        "--examples",
        3);
    assertThat(show("v1", "5")).isEqualTo(before);
  }

  @Test
  void labels_exportAndImport_areEqual() throws Exception {
    build("v1", pack);
    label(null, 7, "by index \"quoted\" ünïcode");
    label(show("v1", "8").get("id").getAsString(), 99999, "by id");
    Path exported = folder.resolve("labels.jsonl");
    ok("features", "labels", "--dictionary", dictionary, "--export", exported);
    List<String> lines = Files.readAllLines(exported);
    assertThat(lines).hasSize(2);
    JsonObject first = JsonParser.parseString(lines.get(0)).getAsJsonObject();
    assertThat(first.get("index").getAsString()).isEqualTo("7");
    assertThat(first.get("description").getAsString()).isEqualTo("by index \"quoted\" ünïcode");
    assertThat(first.get("typeName").getAsString()).isEqualTo("hand");

    dictionary = folder.resolve("other.db");
    build("v1", pack);
    JsonObject read =
        JsonParser.parseString(
                ok(
                    "features",
                    "labels",
                    "--dictionary",
                    dictionary,
                    "--import",
                    exported,
                    "--json"))
            .getAsJsonObject();
    assertThat(read.get("added").getAsInt()).isEqualTo(2);
    Path again = folder.resolve("again.jsonl");
    ok("features", "labels", "--dictionary", dictionary, "--export", again);
    assertThat(again).hasSameTextualContentAs(exported);

    Path bad =
        Files.writeString(folder.resolve("bad.jsonl"), lines.get(0) + "\n{\"index\":\"1\"}\n");
    Command refused =
        Command.run("features", "labels", "--dictionary", dictionary, "--import", bad);
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("'description' in line 2");
  }

  @Test
  void diff_ofAnEditedDictionary_tellsWhatMovedAndWhatIsNew() throws Exception {
    build("v1", pack);
    Path edited = folder.resolve("edited");
    edited(pack, edited);
    build("v2", edited);
    JsonObject diff = diff("v1", "v2");
    JsonObject counts = diff.getAsJsonObject("counts");
    assertThat(counts.get("same").getAsInt()).isEqualTo(FEATURES - 2);
    assertThat(diff.getAsJsonArray("moved").toString()).contains("\"first\":0,\"second\":0");
    assertThat(diff.getAsJsonArray("gone").toString()).isEqualTo("[1]");
    assertThat(diff.getAsJsonArray("added").toString()).isEqualTo("[1]");
  }

  @Test
  void report_escapesTexts_andLoadsNothing() throws Exception {
    build("v1", pack);
    label(null, 0, "<script>alert(1)</script>");
    Path html = folder.resolve("report.html");
    ok("features", "report", "--dictionary", dictionary, "--html", html);
    String page = Files.readString(html);
    assertThat(page).contains("<svg").contains("<mark").contains("&lt;script&gt;alert(1)");
    assertThat(page).doesNotContain("<script").doesNotContain("<link").doesNotContain("src=");
    assertThat(page).contains("toaster");
  }

  @Test
  void badInput_isRefused() throws Exception {
    assertRefused("nothing", "features", "search", "--dictionary", dictionary, "x");
    Path text =
        Files.writeString(folder.resolve("text.db"), "no database, but long enough ".repeat(50));
    assertRefused("SQLite", "features", "list", "--dictionary", text);
    build("v1", pack);
    build("v2", shared.resolve("packs").resolve("seed-2"));
    assertRefused("--version-name", "features", "show", "--dictionary", dictionary, "0");
    assertRefused("'v3'", "features", "diff", "--dictionary", dictionary, "v1", "v3");
    assertRefused(
        "one feature",
        "features",
        "show",
        "--dictionary",
        dictionary,
        "--version-name",
        "v1",
        "9999");
    assertRefused(
        "a word",
        "features",
        "search",
        "--dictionary",
        dictionary,
        "--version-name",
        "v1",
        "--",
        "*");
    JsonArray versions =
        JsonParser.parseString(ok("features", "list", "--dictionary", dictionary, "--json"))
            .getAsJsonArray();
    assertThat(versions).hasSize(2);
  }

  private void label(String id, int index, String description) throws Exception {
    JsonObject line = new JsonObject();
    line.addProperty("modelId", "m");
    line.addProperty("layer", "l");
    line.addProperty("index", Integer.toString(index));
    line.addProperty("description", description);
    line.addProperty("explanationModelName", "somebody");
    line.addProperty("typeName", "hand");
    if (id != null) {
      line.addProperty("featureId", id);
    }
    Path file = Files.writeString(folder.resolve("label.jsonl"), line + "\n");
    ok("features", "labels", "--dictionary", dictionary, "--version-name", "v1", "--import", file);
  }

  private String build(String version, Path from) {
    return ok(
        "features",
        "build",
        "--sae",
        from,
        "--store",
        store,
        "--dictionary",
        dictionary,
        "--version-name",
        version,
        "--examples",
        3,
        "--json");
  }

  private JsonObject show(String version, String which) {
    return JsonParser.parseString(
            ok(
                "features",
                "show",
                "--dictionary",
                dictionary,
                "--version-name",
                version,
                which,
                "--json"))
        .getAsJsonObject();
  }

  private JsonArray search(String version, String words) {
    return JsonParser.parseString(
            ok(
                "features",
                "search",
                "--dictionary",
                dictionary,
                "--version-name",
                version,
                "--limit",
                1000,
                "--json",
                "--",
                words))
        .getAsJsonArray();
  }

  private JsonObject diff(String first, String second) {
    return JsonParser.parseString(
            ok("features", "diff", "--dictionary", dictionary, first, second, "--json"))
        .getAsJsonObject();
  }

  /** By the reference mathematics: each feature's greatest activation in each text. */
  private static double[][] strongestByText() throws Exception {
    SaeFeatures signal = signal(pack);
    StoreTexts texts = ActivationStore.open(store).texts(PLACE);
    double[][] strongest = new double[texts.size()][FEATURES];
    float[] x = new float[384];
    for (int text = 0; text < texts.size(); text++) {
      for (int token = texts.firstToken(text); token < texts.firstToken(text + 1); token++) {
        if (signal.tokens().includes(texts.id(token))) {
          texts.rows().copy(token, x, 0);
          double[] input = new double[x.length];
          for (int d = 0; d < x.length; d++) {
            input[d] = x[d];
          }
          double[] features = ReferenceSae.encode(signal.sae(), input).features();
          for (int f = 0; f < FEATURES; f++) {
            strongest[text][f] = Math.max(strongest[text][f], features[f]);
          }
        }
      }
    }
    return strongest;
  }

  private static SaeFeatures signal(Path pack) throws Exception {
    return (SaeFeatures) PackReader.read(pack).signals().get(0);
  }

  /** The same features, the last first. */
  private static void reversed(Path from, Path to) throws Exception {
    Sae sae = signal(from).sae();
    int[] order = new int[FEATURES];
    for (int f = 0; f < FEATURES; f++) {
      order[f] = FEATURES - 1 - f;
    }
    float[] decoder = new float[FEATURES * sae.in()];
    for (int f = 0; f < FEATURES; f++) {
      for (int d = 0; d < sae.in(); d++) {
        decoder[f * sae.in() + d] = sae.decoder().get(order[f] * sae.in() + d);
      }
    }
    write(from, to, order, decoder);
  }

  /** Feature 0 turned a little, feature 1 turned round. */
  private static void edited(Path from, Path to) throws Exception {
    Sae sae = signal(from).sae();
    int[] order = new int[FEATURES];
    for (int f = 0; f < FEATURES; f++) {
      order[f] = f;
    }
    float[] decoder = sae.decoder().toArray();
    decoder[0] += 0.2f;
    for (int d = 0; d < sae.in(); d++) {
      decoder[sae.in() + d] = d % 2 == 0 ? 1 : -1;
    }
    write(from, to, order, decoder);
  }

  private static void write(Path from, Path to, int[] order, float[] decoder) throws Exception {
    SaeFeatures signal = signal(from);
    Sae sae = signal.sae();
    Sae.Activation.TopK topK = (Sae.Activation.TopK) sae.activation();
    float[] encoder = new float[FEATURES * sae.in()];
    float[] bias = new float[FEATURES];
    for (int f = 0; f < FEATURES; f++) {
      bias[f] = topK.bias().get(order[f]);
      for (int d = 0; d < sae.in(); d++) {
        encoder[d * FEATURES + f] = sae.encoder().get(d * FEATURES + order[f]);
      }
    }
    ProbePack read = PackReader.read(from);
    SaePack.write(
        to,
        "turned",
        "1.0.0",
        "MIT",
        read.model(),
        read.tokenizer(),
        SaePack.signal(
            signal.id(),
            signal.hookPoint(),
            signal.tokens(),
            new Sae(
                sae.in(),
                FEATURES,
                new Sae.Activation.TopK(Floats.of("b_enc", bias), topK.k(), false),
                sae.normalization(),
                true,
                Floats.of("W_enc", encoder),
                Floats.of("W_dec", decoder),
                sae.decoderBias()),
            signal.dictionary()),
        List.of());
  }

  private static String ok(Object... args) {
    Command command = Command.run(args);
    assertThat(command.exitCode()).as(command.err()).isZero();
    return command.out();
  }

  private static void assertRefused(String reason, Object... args) {
    Command.run(args).assertRefused(reason);
  }
}
