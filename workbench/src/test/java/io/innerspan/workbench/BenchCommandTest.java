package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.innerspan.signals.safetensors.SafetensorsWriter;
import io.innerspan.signals.safetensors.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a model of which it is known what it holds, and texts of which it is known what they say. */
class BenchCommandTest {
  private static final int WIDTH = 64;

  @TempDir private Path folder;
  private Path model;
  private Path tokenizer;

  @BeforeEach
  void write() throws IOException {
    model = Planted.model(folder);
    tokenizer = Planted.tokenizer(folder);
  }

  @Test
  void bench_plantedCue_isAWordThatWordsFind() throws IOException {
    Path cue = Planted.cue(folder.resolve("cue.csv"), 300, 1);

    JsonObject told = json(bench(cue, "label", "--json"));

    assertThat(told.get("concepts").toString()).isEqualTo("[\"no\"]");
    assertThat(told.get("texts_learnt").getAsInt()).isEqualTo(150);
    assertThat(told.get("texts_tested").getAsInt()).isEqualTo(150);
    assertThat(auroc(told, "bag_of_words")).isGreaterThan(.99);
    assertThat(auroc(told, "probe")).isGreaterThan(.99);
    assertThat(auroc(told, "difference_of_means")).isGreaterThan(.99);
    assertThat(auroc(told, "label_shuffled")).isBetween(.1, .9);
    assertThat(detector(told, "probe").get("axbench_auroc").getAsDouble()).isEqualTo(.94);
    for (String key : told.getAsJsonObject("concept_detection").keySet()) {
      assertThat(detector(told, key).get("comparable").getAsBoolean()).as(key).isFalse();
    }
    assertThat(detector(told, "prompt").get("auroc").isJsonNull()).isTrue();
    assertThat(detector(told, "prompt").get("why_not_comparable").getAsString())
        .contains("not run here");
    assertThat(told.getAsJsonArray("autoencoders")).isEmpty();
    assertThat(told.getAsJsonArray("saebench_autoencoders")).isEmpty();
  }

  @Test
  void bench_plantedConcept_isNoWord() throws IOException {
    Path concept = Planted.concept(folder.resolve("concept.csv"), 400, 1);

    JsonObject told =
        json(bench(concept, "label", "--hook-point", Planted.LAYER, "--pooling", "last", "--json"));

    assertThat(auroc(told, "bag_of_words")).isLessThan(.8);
    assertThat(auroc(told, "probe")).isGreaterThan(.9);
  }

  @Test
  void bench_autoencoderThatLosesNothing_explainsAndRecoversAll() throws IOException {
    Path repeats = Planted.concept(file("repeats.csv"), 200, 1);
    Path pack = identity();

    JsonObject told = json(bench(repeats, "label", "--sae", pack, "--json"));

    assertThat(told.get("hook_point").getAsString()).isEqualTo(Planted.LAYER);
    JsonArray autoencoders = told.getAsJsonArray("autoencoders");
    assertThat(autoencoders).hasSize(3);
    JsonObject identity = autoencoders.get(0).getAsJsonObject();
    assertThat(identity.get("explained_variance").getAsDouble()).isCloseTo(1, within(1e-5));
    assertThat(identity.get("loss_recovered").getAsDouble()).isCloseTo(1, within(1e-4));
    assertThat(identity.get("loss_recovered_from_zero").getAsDouble()).isCloseTo(1, within(1e-4));
    assertThat(identity.get("l0").getAsDouble()).isBetween(1.0, (double) WIDTH);
    assertThat(identity.get("trained_on_this_data").isJsonNull()).isTrue();
    assertThat(identity.getAsJsonObject("sparse_probing").get("auroc_k5").getAsDouble())
        .isBetween(.2, 1.0);
    JsonObject random = autoencoders.get(1).getAsJsonObject();
    assertThat(random.get("name").getAsString()).isEqualTo("random dictionary");
    assertThat(random.get("explained_variance").getAsDouble()).isLessThan(1);
    assertThat(auroc(told, "sae_feature")).isBetween(.2, 1.0);
    Command text = bench(repeats, "label", "--sae", pack, "--loss-texts", 0);
    assertThat(text.out())
        .contains("AxBench, not comparable", "k-sparse probing", "dimensions", "not run")
        .contains("SAEBench, not comparable", "0.900  0.902  0.909  Gemma 2 2B, layer 19")
        .contains("gated, 4096             0.9858    377.0       -    0.9976");
    JsonArray published = told.getAsJsonArray("saebench_autoencoders");
    assertThat(published).hasSize(7);
    for (JsonElement each : published) {
      JsonObject figures = each.getAsJsonObject();
      assertThat(figures.get("comparable").getAsBoolean()).isFalse();
      assertThat(figures.get("why_not_comparable").getAsString()).contains("another model");
      assertThat(figures.get("source").getAsString()).contains(".json at ");
    }
    JsonObject topK = published.get(1).getAsJsonObject();
    assertThat(topK.get("name").getAsString()).isEqualTo("TopK, 18432, k = 40");
    assertThat(topK.getAsJsonObject("sparse_probing").get("accuracy_k1").getAsDouble())
        .isEqualTo(.9004);
    assertThat(topK.get("explained_variance").isJsonNull()).isTrue();
    assertThat(published.get(6).getAsJsonObject().get("explained_variance").getAsDouble())
        .isEqualTo(.9858);
  }

  @Test
  void bench_severalLabels_areAConceptEach_butThoseOfTooFewTexts() throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(Planted.cue(file("cue.csv"), 120, 1)));
    List<String> rows = new ArrayList<>(List.of("text,topic"));
    for (int i = 1; i < lines.size(); i++) {
      String text = lines.get(i).split(",")[0];
      rows.add(text + "," + (i % 40 == 0 ? "rare" : "t" + i % 3));
    }
    // A copy in other spelling counts once.
    rows.add(rows.get(1).replace(" ", "  "));
    Path topics = Files.write(file("topics.csv"), rows);

    Command command = bench(topics, "topic", "--json");
    JsonObject told = json(command);

    assertThat(told.get("concepts").toString()).isEqualTo("[\"t0\",\"t1\",\"t2\"]");
    assertThat(told.get("labels_of_too_few_texts").getAsInt()).isEqualTo(1);
    assertThat(told.get("copies_left_out").getAsInt()).isEqualTo(1);
    JsonObject probe = detector(told, "probe");
    assertThat(probe.get("auroc_low").getAsDouble())
        .isLessThanOrEqualTo(probe.get("auroc").getAsDouble());
    assertThat(bench(topics, "topic", "--json").out()).isEqualTo(command.out());
  }

  @Test
  void bench_badInput_isOneLine() throws IOException {
    Path one = Files.writeString(file("one.csv"), "text,label\nw0 w1,a\nw0 w2,a\n");
    refused(bench(one, "label"), "expected at least two labels, one of them with 20 texts");
    Path both = Files.writeString(file("both.csv"), "text,label\nw0 w1,a\nw0  W1,b\n");
    refused(bench(both, "label"), "expected one label per text, found 'a' and, in record 2, 'b'");
    Path cue = Planted.cue(file("cue.csv"), 60, 1);
    refused(bench(cue, "topic"), "expected a column named 'topic'");
    refused(bench(cue, "label", "--least", 3), "--least: expected 4 or more, found 3");
    refused(
        bench(cue, "label", "--pooling", "max"),
        "--pooling: expected mean, last or cls, found max");
    refused(bench(cue, "label", "--hook-point", "nowhere"), "expected to read 'nowhere'");
    refused(
        bench(cue, "label", "--sae", identity(), "--hook-point", "blocks.0.hook_resid_post"),
        "expected an autoencoder of 'blocks.0.hook_resid_post', found '" + Planted.LAYER);
  }

  /** ReLU(x) and ReLU(-x): x = ReLU(x) - ReLU(-x). */
  private Path identity() throws IOException {
    float[] encoder = new float[2 * WIDTH * WIDTH];
    float[] decoder = new float[2 * WIDTH * WIDTH];
    for (int d = 0; d < WIDTH; d++) {
      encoder[d * 2 * WIDTH + d] = 1;
      encoder[d * 2 * WIDTH + WIDTH + d] = -1;
      decoder[d * WIDTH + d] = 1;
      decoder[(WIDTH + d) * WIDTH + d] = -1;
    }
    Path sae = Files.createDirectories(folder.resolve("saelens"));
    Files.writeString(
        sae.resolve("cfg.json"),
        "{\"architecture\":\"standard\",\"d_in\":64,\"d_sae\":128,\"hook_name\":\""
            + Planted.LAYER
            + "\",\"apply_b_dec_to_input\":false,\"normalize_activations\":\"none\"}");
    SafetensorsWriter.write(
        sae.resolve("sae_weights.safetensors"),
        Map.of(
            "W_enc", Tensor.ofFloats(encoder, WIDTH, 2 * WIDTH),
            "W_dec", Tensor.ofFloats(decoder, 2 * WIDTH, WIDTH),
            "b_enc", Tensor.ofFloats(new float[2 * WIDTH]),
            "b_dec", Tensor.ofFloats(new float[WIDTH])),
        Map.of());
    Path pack = folder.resolve("pack");
    Command command =
        Command.run("sae", "import", "--saelens", sae, "--model", model, "--out", pack);
    assertThat(command.exitCode()).as(command.err()).isZero();
    return pack;
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private Command bench(Path data, String labels, Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "bench",
                "--data",
                data,
                "--text-column",
                "text",
                "--label-column",
                labels,
                "--model",
                model,
                "--tokenizer",
                tokenizer));
    args.addAll(Arrays.asList(more));
    return Command.run(args.toArray());
  }

  private static JsonObject json(Command command) {
    assertThat(command.exitCode()).as(command.err()).isZero();
    return JsonParser.parseString(command.out()).getAsJsonObject();
  }

  private static JsonObject detector(JsonObject told, String key) {
    return told.getAsJsonObject("concept_detection").getAsJsonObject(key);
  }

  private static double auroc(JsonObject told, String key) {
    return detector(told, key).get("auroc").getAsDouble();
  }

  private static void refused(Command command, String... parts) {
    assertThat(command.exitCode()).as(command.err()).isEqualTo(2);
    assertThat(command.err().lines().filter(line -> line.startsWith("innerspan: "))).hasSize(1);
    assertThat(command.err()).contains(parts);
    assertThat(command.out()).isEmpty();
  }
}
