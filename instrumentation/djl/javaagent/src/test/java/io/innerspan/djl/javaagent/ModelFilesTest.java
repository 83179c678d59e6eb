package io.innerspan.djl.javaagent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders as the engines find models in them. */
class ModelFilesTest {
  @TempDir Path folder;

  private void write(String... names) throws IOException {
    for (String name : names) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, name);
    }
  }

  private @Nullable List<String> found(String engine, String name) throws IOException {
    ModelFiles files = ModelFiles.in(engine, folder, name);
    return files == null
        ? null
        : files.content().stream().map(file -> folder.relativize(file).toString()).toList();
  }

  @Test
  void savedModel_isItsGraphAndItsVariables() throws Exception {
    write("saved_model.pb", "variables/variables.index", "variables/variables.data-00000-of-00001");
    write("assets/vocab.txt", "fingerprint.pb");
    assertThat(found("TensorFlow", "net"))
        .containsExactly(
            "saved_model.pb",
            "variables/variables.data-00000-of-00001",
            "variables/variables.index");
    write("net/saved_model.pb");
    assertThat(found("TensorFlow", "net")).containsExactly("net/saved_model.pb");
  }

  @Test
  void rust_isItsConfigurationAndItsWeights() throws Exception {
    write("model.safetensors", "tokenizer.json");
    assertThat(found("Rust", "net")).isNull();
    write("config.json");
    assertThat(found("Rust", "net")).containsExactly("config.json", "model.safetensors");
  }

  @Test
  void xgBoost_isTheFirstOfItsNames() throws Exception {
    write("net.txt");
    assertThat(found("XGBoost", "net")).isNull();
    write("model.json");
    assertThat(found("XGBoost", "net")).containsExactly("model.json");
    write("model.xgb");
    assertThat(found("XGBoost", "net")).containsExactly("model.xgb");
    write("net.xgb", "net.json");
    assertThat(found("XGBoost", "net")).containsExactly("net.json");
  }

  @Test
  void lightGbm_isTheFileOfItsName_whateverLiesBesideIt() throws Exception {
    write("net.json");
    assertThat(found("LightGBM", "net")).isNull();
    write("net.txt");
    assertThat(found("LightGBM", "net")).containsExactly("net.txt");
  }

  @Test
  void another_isTheOnlyFileOfItsName() throws Exception {
    write("net.weights", "other.weights");
    assertThat(found("Another", "net")).containsExactly("net.weights");
    write("net.more");
    assertThat(found("Another", "net")).isNull();
  }

  @Test
  void digest_isThatOfAllBytesInTheirOrder() throws Exception {
    write("config.json", "model.safetensors");
    ModelFiles files = ModelFiles.in("Rust", folder, "net");
    byte[] expected =
        MessageDigest.getInstance("SHA-256")
            .digest("config.jsonmodel.safetensors".getBytes(StandardCharsets.UTF_8));
    assertThat(Digests.of(files.content())).isEqualTo(HexFormat.of().formatHex(expected));
  }
}
