package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
  @TempDir private Path folder;

  @Test
  void inspect_miniLmAsJson_hasItsSixLayersAndTheirOutputs() {
    Command command = Command.run("inspect", MiniLm.model(), "--json");
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
    Command command = Command.run("inspect", MiniLm.model());
    assertThat(command.exitCode()).isZero();
    assertThat(command.out())
        .contains("layers     6")
        .containsPattern("blocks\\.0\\.hook_normalized_resid_post +safe +float");
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

  private static JsonObject hookPoint(JsonObject json, String name) {
    for (var element : json.getAsJsonArray("hook_points")) {
      if (element.getAsJsonObject().get("name").getAsString().equals(name)) {
        return element.getAsJsonObject();
      }
    }
    throw new AssertionError("no hook point " + name);
  }
}
