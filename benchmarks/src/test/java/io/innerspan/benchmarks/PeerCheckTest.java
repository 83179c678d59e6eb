package io.innerspan.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.innerspan.signals.safetensors.SafetensorsReader;
import io.innerspan.signals.safetensors.SafetensorsWriter;
import io.innerspan.signals.safetensors.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What PyTorch's hooks read, against ONNX Runtime, where {@code $PYTHON} has PyTorch. */
class PeerCheckTest {
  private static final String PYTHON = System.getenv().getOrDefault("PYTHON", "python3");
  private static final Path SCRIPTS = Path.of("peer").toAbsolutePath();

  @TempDir static Path folder;
  private static Path model;
  private static PeerFiles files;

  @BeforeAll
  static void write() throws Exception {
    assumeTrue(hasTorch(), "PyTorch for " + PYTHON);
    model = folder.resolve("model.onnx");
    try (InputStream in = PeerCheckTest.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
      Files.copy(in, model);
    }
    files = new PeerFiles(model, folder, PeerSignals.ALL);
    files.write();
  }

  @Test
  void readings_ofEverySignal_equalTheGrafts() throws Exception {
    assertThat(check(files.check())).isEqualTo("ready");
  }

  @ParameterizedTest
  @ValueSource(strings = {"linear_5", "features_tokens_4", "attention_1"})
  void reading_thatIsOff_isNamed(String signal) throws Exception {
    Map<String, Tensor> expected = expected();
    Tensor reading = expected.get("reading." + signal);
    float[] values = reading.toFloats();
    float largest = Math.max(1, Math.abs(values[values.length - 1]));
    values[values.length - 1] += 2e-3f * largest;
    expected.put("reading." + signal, Tensor.ofFloats(values, reading.shape()));
    assertThat(check(write(expected))).startsWith("peer.py: " + signal + ": expected what ONNX");
  }

  @Test
  void signal_thatNoHookReads_isTold() throws Exception {
    Map<String, Tensor> expected = expected();
    expected.put("reading.other", Tensor.ofFloats(new float[] {1}, 1, 1));
    assertThat(check(write(expected)))
        .startsWith("peer.py: signals: expected")
        .contains("without ['reading.other'], but []");
  }

  private static Map<String, Tensor> expected() throws IOException {
    return new LinkedHashMap<>(SafetensorsReader.read(files.check()).tensors());
  }

  private static Path write(Map<String, Tensor> expected) throws IOException {
    Path file = Files.createTempFile(folder, "check", ".safetensors");
    return Files.write(file, SafetensorsWriter.toBytes(expected, Map.of()));
  }

  /** What the program says, given nothing to measure. */
  private static String check(Path file) throws Exception {
    return run(
        PYTHON,
        "-B",
        SCRIPTS.resolve("peer.py").toString(),
        model.toString(),
        file.toString(),
        files.pack().toString());
  }

  private static boolean hasTorch() throws Exception {
    try {
      return run(PYTHON, "-c", "import torch; print('here')").equals("here");
    } catch (IOException e) {
      return false;
    }
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said.strip();
  }
}
