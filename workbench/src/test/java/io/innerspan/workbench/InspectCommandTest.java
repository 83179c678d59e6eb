package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.innerspan.testing.models.SmallModels;
import io.innerspan.workbench.inspect.SignalKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InspectCommandTest {
  @TempDir private Path folder;

  @Test
  void inspect_miniLmAsJson_hasItsSixLayersAndTheirOutputs() {
    Command command = Command.run("inspect", MiniLm.model(), "--json", "--no-cost");
    assertThat(command.exitCode()).isZero();
    assertThat(command.err()).isEmpty();
    JsonObject json = JsonParser.parseString(command.out()).getAsJsonObject();
    assertThat(json.get("layers").getAsInt()).isEqualTo(6);
    assertThat(json.get("refused").isJsonNull()).isTrue();
    assertThat(json.get("structure").getAsString()).matches("[0-9a-f]{64}");
    assertThat(json.get("sha256").getAsString())
        .isEqualTo("759c3cd2b7fe7e93933ad23c4c9181b7396442a2ed746ec7c1d46192c469c46e");
    assertThat(json.get("opset").getAsInt()).isEqualTo(11);
    assertThat(json.get("mask_input").getAsString()).isEqualTo("attention_mask");
    assertThat(json.getAsJsonArray("inputs")).hasSize(3);
    JsonObject output = hookPoint(json, "blocks.4.hook_normalized_resid_post");
    assertThat(output.get("tensor").getAsString())
        .isEqualTo("/encoder/layer.4/output/LayerNorm/Add_1_output_0");
    assertThat(output.get("type").getAsString()).isEqualTo("float");
    assertThat(output.get("safe").getAsBoolean()).isTrue();
    JsonArray shape = output.getAsJsonArray("shape");
    assertThat(shape.get(shape.size() - 1).getAsInt()).isEqualTo(384);
  }

  @Test
  void inspect_miniLm_printsOneLinePerHookPoint() {
    Command command = Command.run("inspect", MiniLm.model(), "--no-cost");
    assertThat(command.exitCode()).isZero();
    assertThat(command.out())
        .contains("layers     6")
        .containsPattern("blocks\\.0\\.hook_normalized_resid_post +safe +float");
  }

  @Test
  void inspect_classifier_hasAFiniteCostOfEachKind() throws IOException {
    Path file = SmallModels.named("encoder-post-ln-classifier").write(folder);
    Command command = Command.run("inspect", file, "--json");
    assertThat(command.exitCode()).isZero();
    JsonObject json = JsonParser.parseString(command.out()).getAsJsonObject();
    assertThat(json.getAsJsonArray("signals")).hasSize(SignalKind.values().length);
    for (SignalKind kind : SignalKind.values()) {
      JsonObject signal = signal(json, kind);
      assertThat(signal.getAsJsonArray("possible_at")).as(kind.label()).isNotEmpty();
      assertThat(signal.get("cost_failure").isJsonNull()).as(kind.label()).isTrue();
      assertThat(signal.get("cost_percent").getAsDouble()).as(kind.label()).isFinite();
      assertThat(signal.get("cost_pairs").getAsInt()).as(kind.label()).isBetween(5, 30);
    }
    JsonObject cost = json.getAsJsonObject("cost");
    assertThat(cost.get("left_out").isJsonNull()).isTrue();
    assertThat(cost.get("inputs").getAsString()).contains("input_ids [1, 128]");
    assertThat(cost.get("model_ms").getAsDouble()).isPositive();
    assertThat(cost.get("noise_percent").getAsDouble()).isFinite();
  }

  @Test
  void inspect_encoderWithoutHead_refusesTheLensAndSaysWhy() throws IOException {
    Path file = SmallModels.named("encoder-post-ln").write(folder);
    Command command = Command.run("inspect", file, "--json", "--no-cost");
    assertThat(command.exitCode()).isZero();
    JsonObject json = JsonParser.parseString(command.out()).getAsJsonObject();
    JsonObject lens = signal(json, SignalKind.LAYER_LENS);
    assertThat(lens.getAsJsonArray("possible_at")).isEmpty();
    assertThat(lens.getAsJsonArray("refusals")).hasSize(1);
    assertThat(lens.getAsJsonArray("refusals").get(0).getAsJsonObject().get("reason").getAsString())
        .isNotBlank();
    assertThat(lens.get("cost_percent").isJsonNull()).isTrue();
    assertThat(json.getAsJsonObject("cost").get("left_out").getAsString()).isNotBlank();
    JsonObject pattern = hookPoint(json, "blocks.0.attn.hook_pattern");
    assertThat(pattern.get("breaks_fusion").getAsBoolean()).isTrue();
    assertThat(pattern.getAsJsonArray("signals"))
        .containsExactly(new JsonPrimitive("attention_summary"));
    assertThat(hookPoint(json, "blocks.1.hook_normalized_resid_post").getAsJsonArray("signals"))
        .contains(new JsonPrimitive("linear_probe"), new JsonPrimitive("sae_features"))
        .doesNotContain(new JsonPrimitive("attention_summary"));
  }

  @Test
  void inspect_modelWithoutMask_saysSoAndStillMeasuresWhatIsPossible() throws IOException {
    Path file = SmallModels.named("encoder-without-mask").write(folder);
    Command command = Command.run("inspect", file);
    assertThat(command.out()).contains("no attention mask").contains("\"mask\": \"none\"");
    assertThat(command.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(101));
  }

  @ParameterizedTest
  @ValueSource(strings = {"decoder", "decoder-with-cache", "induction-head", "vision-transformer"})
  void inspect_otherModels_measuresEveryPossibleKind(String name) throws IOException {
    Path file = SmallModels.named(name).write(folder);
    Command command = Command.run("inspect", file, "--json");
    assertThat(command.exitCode()).as(command.err()).isZero();
    JsonObject json = JsonParser.parseString(command.out()).getAsJsonObject();
    assertThat(json.getAsJsonObject("cost").get("left_out").isJsonNull())
        .as(command.out())
        .isTrue();
    for (SignalKind kind : SignalKind.values()) {
      JsonObject signal = signal(json, kind);
      boolean possible = !signal.getAsJsonArray("possible_at").isEmpty();
      assertThat(signal.get("cost_percent").isJsonPrimitive()).as(kind.label()).isEqualTo(possible);
      assertThat(possible || !signal.getAsJsonArray("refusals").isEmpty())
          .as(kind.label())
          .isTrue();
    }
  }

  @Test
  void inspect_text_showsCostsNoiseAndRefusals() throws IOException {
    Path file = SmallModels.named("encoder-post-ln").write(folder);
    Command command = Command.run("inspect", file);
    assertThat(command.exitCode()).isZero();
    assertThat(command.out())
        .containsPattern("linear_probe +\\d+ +[+-]\\d+\\.\\d % ")
        .containsPattern("layer_lens +0 +- +not possible, see below")
        .containsPattern("\\(the model itself\\) +[+-]\\d+\\.\\d % ")
        .containsPattern("blocks\\.0\\.attn\\.hook_pattern +caution\\* +float")
        .contains("The cost of an inference that computes the signal");
    assertThat(command.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(101));
  }

  @Test
  void inspect_notOnnx_saysSoOnOneLineAndInTheObject() throws IOException {
    Path file = Files.writeString(folder.resolve("notes.txt"), "this is no model");
    Command command = Command.run("inspect", file, "--json");
    assertThat(command.exitCode()).isEqualTo(2);
    JsonObject json = JsonParser.parseString(command.out()).getAsJsonObject();
    assertThat(json.get("refused").getAsString()).isNotBlank();
    assertThat(json.get("layers").getAsInt()).isZero();
    assertThat(json.getAsJsonArray("hook_points")).isEmpty();
    assertThat(command.err().lines()).hasSize(1);
    assertThat(command.err()).startsWith("innerspan: " + file + ": expected ");
  }

  @Test
  void inspect_modelWithoutLayers_isRefusedWithAReason() throws IOException {
    Path file = Files.write(folder.resolve("tiny.onnx"), TinyOnnx.identity());
    Command command = Command.run("inspect", file, "--json");
    JsonObject json = JsonParser.parseString(command.out()).getAsJsonObject();
    assertThat(command.exitCode()).isEqualTo(2);
    assertThat(json.get("refused").getAsString()).contains("layer");
    assertThat(json.get("opset").getAsInt()).isEqualTo(13);
  }

  @Test
  void inspect_missingFile_isBadInput() {
    Path missing = folder.resolve("none.onnx");
    Command command = Command.run("inspect", missing);
    assertThat(command.exitCode()).isEqualTo(2);
    assertThat(command.err())
        .isEqualToNormalizingNewlines(
            "innerspan: " + missing + ": expected a file, found nothing there\n");
  }

  private static JsonObject signal(JsonObject json, SignalKind kind) {
    for (var element : json.getAsJsonArray("signals")) {
      if (element.getAsJsonObject().get("kind").getAsString().equals(kind.label())) {
        return element.getAsJsonObject();
      }
    }
    throw new AssertionError("no kind " + kind);
  }

  private static JsonObject hookPoint(JsonObject json, String name) {
    for (var element : json.getAsJsonArray("hook_points")) {
      if (element.getAsJsonObject().get("name").getAsString().equals(name)) {
        return element.getAsJsonObject();
      }
    }
    throw new AssertionError("no hook point " + name);
  }
}
