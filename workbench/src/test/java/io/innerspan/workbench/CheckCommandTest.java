package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.safetensors.SafetensorsFile;
import io.innerspan.signals.safetensors.SafetensorsReader;
import io.innerspan.signals.safetensors.SafetensorsWriter;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.Digests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quickstart's pack, right as it is and wrong in every way that a pack can be. */
class CheckCommandTest {
  private static final Path QUICKSTART = Path.of("..", "examples", "quickstart", "pack");
  private static final String GOLDEN = "golden.safetensors";
  private static final String WEIGHTS = "weights.safetensors";

  @TempDir private Path folder;
  private Path pack;

  @BeforeEach
  void copy() throws IOException {
    pack = copyTo("pack");
  }

  @Test
  void check_rightPackOnItsModel_saysSo() {
    Command command = Command.run("check", pack, "--model", MiniLm.model());

    assertThat(command.exitCode()).as(command.err()).isZero();
    assertThat(command.out())
        .startsWith(
            "prompt-injection 1.0.0: right; signals: 1, golden inputs: 3, certificates: 0,"
                + " canaries: ");
    assertThat(command.err()).isEmpty();
  }

  @Test
  void check_changedByte_isRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(pack.resolve(WEIGHTS));
    String expected = Digests.sha256(ByteBuffer.wrap(bytes));
    bytes[bytes.length - 1] ^= 1;
    Files.write(pack.resolve(WEIGHTS), bytes);

    refused(WEIGHTS, "sha256: expected " + expected + ", found ");
  }

  @Test
  void check_truncatedTensors_areRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(pack.resolve(WEIGHTS));
    replace(WEIGHTS, Arrays.copyOf(bytes, bytes.length - 8));

    refused(WEIGHTS, "expected ", "found ");
  }

  @Test
  void check_weightThatIsNotFinite_isRefused() throws IOException {
    edit(WEIGHTS, "prompt_injection.bias", Tensor.ofFloats(new float[] {Float.NaN}));

    refused(WEIGHTS, "expected a finite number, found NaN");
  }

  @Test
  void check_wrongShape_isRefused() throws IOException {
    edit(WEIGHTS, "prompt_injection.bias", Tensor.ofFloats(new float[] {1, 2}));

    refused(WEIGHTS, "expected the shape [1] or [], found F32[2]");
  }

  @Test
  void check_newerSchema_isRefused() throws IOException {
    manifest("\"schema_version\": \"1.0\"", "\"schema_version\": \"2.0\"");

    refused("probe.json", "expected ", "2.0");
  }

  @Test
  void check_goldenInputThatTheModelContradicts_isRefusedOnTheModelOnly() throws IOException {
    edit(GOLDEN, "golden.0.logit.prompt_injection", Tensor.ofFloats(new float[] {77}));

    assertThat(Command.run("check", pack).exitCode()).isZero();
    refused("expected the logit 77.0 of golden input 0, probe prompt_injection, row 0, found ");
  }

  @Test
  void check_anotherModel_isRefusedWithBothDigests() throws IOException {
    Path other = Files.write(folder.resolve("tiny.onnx"), TinyOnnx.identity());

    oneLine(
        Command.run("check", pack, "--model", other),
        other + ": expected a model with sha256:759c3cd2",
        "found sha256:" + Digests.sha256(other));
  }

  @Test
  void check_modelWithoutTheHookPoint_isRefused() throws IOException {
    Path other = Files.write(folder.resolve("tiny.onnx"), TinyOnnx.identity());
    manifest(
        "759c3cd2b7fe7e93933ad23c4c9181b7396442a2ed746ec7c1d46192c469c46e", Digests.sha256(other));

    oneLine(
        Command.run("check", pack, "--model", other),
        "expected to read 'prompt_injection', found the model has no hook point");
  }

  @Test
  void check_notOnnx_isRefused() throws IOException {
    Path other = Files.writeString(folder.resolve("notes.txt"), "this is no model");

    oneLine(Command.run("check", pack, "--model", other), other + ": expected an ONNX model, ");
  }

  @Test
  void check_twoPacksWithOneId_refusesTheSecond() throws IOException {
    copyTo("twin");

    Command command = Command.run("check", folder);

    oneLine(command, "twin", "expected an id that no other pack claims, found ");
    assertThat(command.out()).startsWith("prompt-injection 1.0.0: right");
  }

  @Test
  void check_nothingThere_isRefused() throws IOException {
    oneLine(
        Command.run("check", folder.resolve("none")),
        "none",
        "expected a readable folder",
        "found");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    oneLine(
        Command.run("check", empty),
        empty + ": expected a probe pack or a folder of packs, found none");
  }

  private void refused(String... parts) {
    oneLine(Command.run("check", pack, "--model", MiniLm.model()), parts);
  }

  private static void oneLine(Command command, String... parts) {
    assertThat(command.exitCode()).isEqualTo(2);
    assertThat(command.err().lines()).hasSize(1);
    assertThat(command.err()).startsWith("innerspan: ").contains(parts);
  }

  private Path copyTo(String name) throws IOException {
    Path copy = Files.createDirectory(folder.resolve(name));
    try (Stream<Path> files = Files.list(QUICKSTART)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  private void edit(String file, String name, Tensor tensor) throws IOException {
    SafetensorsFile read = SafetensorsReader.read(pack.resolve(file));
    Map<String, Tensor> tensors = new LinkedHashMap<>(read.tensors());
    assertThat(tensors).containsKey(name);
    tensors.put(name, tensor);
    Path changed = folder.resolve("changed.safetensors");
    SafetensorsWriter.write(changed, tensors, read.metadata());
    replace(file, Files.readAllBytes(changed));
  }

  /** Puts other bytes in a file's place, with their digest and size in the manifest. */
  private void replace(String file, byte[] bytes) throws IOException {
    byte[] before = Files.readAllBytes(pack.resolve(file));
    Files.write(pack.resolve(file), bytes);
    manifest(Digests.sha256(ByteBuffer.wrap(before)), Digests.sha256(ByteBuffer.wrap(bytes)));
    manifest("\"size\": " + before.length, "\"size\": " + bytes.length);
  }

  private void manifest(String from, String to) throws IOException {
    Path manifest = pack.resolve("probe.json");
    String text = Files.readString(manifest);
    assertThat(text).contains(from);
    Files.writeString(manifest, text.replace(from, to));
  }
}
