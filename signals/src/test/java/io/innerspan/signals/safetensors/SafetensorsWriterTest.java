package io.innerspan.signals.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
  @Test
  void toBytes_tensorsOfThePythonFile_areThePythonFile() throws IOException {
    byte[] python;
    try (InputStream in = getClass().getResourceAsStream("/python-pack/probe.safetensors")) {
      python = Objects.requireNonNull(in).readAllBytes();
    }
    SafetensorsFile file = SafetensorsReader.read(ByteBuffer.wrap(python), "python");

    assertThat(SafetensorsWriter.toBytes(new TreeMap<>(file.tensors()), Map.of()))
        .isEqualTo(python);
  }

  @Test
  void toBytes_knownTensor_isTheFormatByteForByte() {
    byte[] bytes =
        SafetensorsWriter.toBytes(
            Map.of("w", Tensor.ofFloats(new float[] {1, -2}, 1, 2)), Map.of("b", "2", "a", "1"));

    String header =
        "{\"__metadata__\":{\"a\":\"1\",\"b\":\"2\"},"
            + "\"w\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}}";
    int padded = (header.length() + 7) / 8 * 8;
    ByteBuffer expected = ByteBuffer.allocate(8 + padded + 8).order(ByteOrder.LITTLE_ENDIAN);
    expected.putLong(padded).put(header.getBytes(StandardCharsets.US_ASCII));
    while (expected.position() < 8 + padded) {
      expected.put((byte) ' ');
    }
    expected.putFloat(1).putFloat(-2);
    assertThat(bytes).isEqualTo(expected.array());
  }

  @Test
  void write_anyOrderOfTheMaps_givesTheSameBytesAsToBytes(@TempDir Path folder) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("z", Tensor.ofLongs(new long[] {1, 2, 3}));
    tensors.put("ä\n\"", Tensor.ofInts(new int[] {7}));
    tensors.put("a", new Tensor(DType.BOOL, new long[] {3}, ByteBuffer.wrap(new byte[] {1, 0, 1})));
    tensors.put("empty", Tensor.ofFloats(new float[0], 0, 5));
    tensors.put("scalar", new Tensor(DType.F64, new long[0], ByteBuffer.allocate(8)));
    Path file = folder.resolve("t.safetensors");
    Files.write(file, new byte[100_000]);

    SafetensorsWriter.write(file, tensors, Map.of("k", "v"));

    assertThat(Files.readAllBytes(file))
        .isEqualTo(SafetensorsWriter.toBytes(new TreeMap<>(tensors), Map.of("k", "v")));
    SafetensorsFile read = SafetensorsReader.read(file);
    assertThat(read.tensors()).isEqualTo(tensors);
    assertThat(read.tensors().keySet()).containsExactly("scalar", "z", "empty", "ä\n\"", "a");
    assertThat(read.metadata()).isEqualTo(Map.of("k", "v"));
  }

  @Test
  void toBytes_anyHeader_endsAtAMultipleOfEight() {
    for (int length = 1; length <= 9; length++) {
      byte[] bytes =
          SafetensorsWriter.toBytes(
              Map.of("n".repeat(length), Tensor.ofFloats(new float[1])), Map.of());

      assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8).isZero();
    }
  }

  @Test
  void toBytes_reservedName_isRefused() {
    Map<String, Tensor> tensors = Map.of("__metadata__", Tensor.ofFloats(new float[1]));

    assertThatThrownBy(() -> SafetensorsWriter.toBytes(tensors, Map.of()))
        .hasMessageContaining("__metadata__");
  }

  @Test
  void write_noFolder_isOneError(@TempDir Path folder) {
    Path file = folder.resolve("none").resolve("t.safetensors");

    assertThatThrownBy(() -> SafetensorsWriter.write(file, Map.of(), Map.of()))
        .isInstanceOf(SafetensorsException.class)
        .hasMessageContaining(file.toString());
  }
}
