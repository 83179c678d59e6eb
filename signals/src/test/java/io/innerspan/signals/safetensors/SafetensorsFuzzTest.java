package io.innerspan.signals.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens to a file: it is read consistently, or refused with the one exception. */
class SafetensorsFuzzTest {
  private static final List<DType> TYPES = List.of(DType.values());
  private static final int FILES = 60;
  private static final int MUTATIONS = 250;
  private static final String[] TOKENS = {
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "-1",
    "1e9",
    "18446744073709551615",
    "null",
    "NaN",
    "\\u0000",
    "\"dtype\"",
    "\"F64\"",
    "\"shape\"",
    "\"data_offsets\"",
    "\"__metadata__\":{},",
    "\0",
    "é"
  };

  @ParameterizedTest
  @ValueSource(longs = {1, 20, 300})
  void read_mutatedFile_isReadConsistentlyOrRefused(long seed) {
    Random random = new Random(seed);
    int read = 0;
    int refused = 0;
    for (int file = 0; file < FILES; file++) {
      byte[] valid = SafetensorsWriter.toBytes(tensors(random), Map.of("seed", "" + seed));
      for (int i = 0; i < MUTATIONS; i++) {
        byte[] mutated = mutate(valid, random);
        try {
          checkConsistent(SafetensorsReader.read(ByteBuffer.wrap(mutated), "f"), mutated);
          read++;
        } catch (SafetensorsException e) {
          assertThat(e.getMessage()).startsWith("f: ").doesNotContain("\n").hasSizeLessThan(700);
          refused++;
        }
      }
    }
    // Both ways were taken, or the mutations prove nothing.
    assertThat(read).isGreaterThan(100);
    assertThat(refused).isGreaterThan(1000);
  }

  /** What was read accounts for every byte, and writing it again loses nothing. */
  private static void checkConsistent(SafetensorsFile file, byte[] bytes)
      throws SafetensorsException {
    long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    long data = 0;
    for (Tensor tensor : file.tensors().values()) {
      byte[] content = new byte[tensor.data().remaining()];
      tensor.data().get(content);
      int begin = (int) (8 + header + data);
      assertThat(content).isEqualTo(Arrays.copyOfRange(bytes, begin, begin + content.length));
      data += content.length;
    }
    assertThat(8 + header + data).isEqualTo(bytes.length);
    byte[] again = SafetensorsWriter.toBytes(file.tensors(), file.metadata());
    SafetensorsFile reread = SafetensorsReader.read(ByteBuffer.wrap(again), "again");
    assertThat(reread.tensors()).isEqualTo(file.tensors());
    assertThat(reread.metadata()).isEqualTo(file.metadata());
  }

  private static Map<String, Tensor> tensors(Random random) {
    Map<String, Tensor> tensors = new HashMap<>();
    int count = random.nextInt(5);
    for (int i = 0; i < count; i++) {
      DType type = TYPES.get(random.nextInt(TYPES.size()));
      long[] shape = random.longs(random.nextInt(4), 0, 4).toArray();
      byte[] data = new byte[(int) Shapes.byteLength(type, shape)];
      random.nextBytes(data);
      tensors.put("t" + i, new Tensor(type, shape, ByteBuffer.wrap(data)));
    }
    return tensors;
  }

  private static byte[] mutate(byte[] valid, Random random) {
    byte[] bytes = valid.clone();
    switch (random.nextInt(7)) {
      case 0 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      case 2 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      case 3 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(9));
      case 4 ->
          ByteBuffer.wrap(bytes)
              .putLong(random.nextInt(Math.max(1, bytes.length - 8)), random.nextLong());
      case 5 -> bytes = replaceToken(bytes, random);
      default -> bytes[8 + random.nextInt(bytes.length - 8)] = (byte) ('0' + random.nextInt(10));
    }
    return bytes;
  }

  /** Puts a token of the format anywhere into the header, whose length stays true. */
  private static byte[] replaceToken(byte[] bytes, Random random) {
    int header = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    String text = new String(bytes, 8, header, StandardCharsets.ISO_8859_1);
    int at = 1 + random.nextInt(text.length());
    int skipped = Math.min(random.nextInt(4), text.length() - at);
    String token = TOKENS[random.nextInt(TOKENS.length)];
    byte[] changed =
        (text.substring(0, at) + token + text.substring(at + skipped))
            .getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer file =
        ByteBuffer.allocate(bytes.length - header + changed.length).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(changed.length).put(changed);
    return file.put(bytes, 8 + header, bytes.length - 8 - header).array();
  }
}
