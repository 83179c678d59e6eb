package io.innerspan.signals.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsReaderTest {
  private static final String W = "'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}";

  @Test
  void read_twoTensors_givesValuesInTheOrderOfTheBytes() throws SafetensorsException {
    ByteBuffer file =
        file(
            "{'b':{'dtype':'I32','shape':[],'data_offsets':[8,12]},"
                + "'__metadata__':{'format':'pt'},"
                + "'a':{'dtype':'F32','shape':[2,1],'data_offsets':[0,8]}}   ",
            12);
    file.putFloat(file.limit() - 12, 1.5f)
        .putFloat(file.limit() - 8, -2)
        .putInt(file.limit() - 4, 9);

    SafetensorsFile read = SafetensorsReader.read(file, "x");

    assertThat(read.tensors().keySet()).containsExactly("a", "b");
    assertThat(read.tensors())
        .containsEntry("a", Tensor.ofFloats(new float[] {1.5f, -2}, 2, 1))
        .containsEntry(
            "b", new Tensor(DType.I32, new long[0], Tensor.ofInts(new int[] {9}).data()));
    assertThat(read.metadata()).containsEntry("format", "pt");
  }

  @Test
  void read_onlyAHeader_givesNoTensors() throws SafetensorsException {
    assertThat(SafetensorsReader.read(file("{}", 0), "x").tensors()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          not an object        | ['w']                                                          | 0 | begins with
          leading space        |  ` {}`                                                         | 0 | begins with
          cut JSON             | {'w':{'dtype':'F32'                                            | 8 | strict JSON
          comment              | {/**/}                                                         | 0 | strict JSON
          bare name            | {w:1}                                                          | 0 | strict JSON
          two documents        | {}{}                                                           | 0 | strict JSON
          trailing comma       | {'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},}        | 8 | strict JSON
          tensor twice         | {W,W}                                                          | 8 | 'w' twice
          metadata twice       | {'__metadata__':{},'__metadata__':{}}                          | 0 | twice
          metadata key twice   | {'__metadata__':{'a':'1','a':'2'}}                             | 0 | 'a' twice
          metadata number      | {'__metadata__':{'a':1}}                                       | 0 | expected STRING, found NUMBER
          metadata list        | {'__metadata__':[]}                                            | 0 | BEGIN_OBJECT
          field twice          | {'w':{'dtype':'F32','dtype':'F32','shape':[2],'data_offsets':[0,8]}} | 8 | 'dtype' twice
          unknown field        | {'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'x':1}}   | 8 | the field 'x'
          missing field        | {'w':{'dtype':'F32','shape':[2]}}                              | 8 | two data_offsets
          unknown dtype        | {'w':{'dtype':'F33','shape':[2],'data_offsets':[0,8]}}         | 8 | 'F33'
          lower-case dtype     | {'w':{'dtype':'f32','shape':[2],'data_offsets':[0,8]}}         | 8 | 'f32'
          null dtype           | {'w':{'dtype':null,'shape':[2],'data_offsets':[0,8]}}          | 8 | found NULL
          fraction             | {'w':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}}       | 8 | integers
          exponent             | {'w':{'dtype':'F32','shape':[2e0],'data_offsets':[0,8]}}       | 8 | integers
          negative             | {'w':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}        | 8 | integers
          minus zero           | {'w':{'dtype':'F32','shape':[-0],'data_offsets':[0,0]}}        | 0 | integers
          20 digits            | {'w':{'dtype':'F32','shape':[18446744073709551617],'data_offsets':[0,8]}} | 8 | integers
          number as text       | {'w':{'dtype':'F32','shape':['2'],'data_offsets':[0,8]}}       | 8 | found STRING
          rank 9               | {'w':{'dtype':'F32','shape':[1,1,1,1,1,1,1,1,2],'data_offsets':[0,8]}} | 8 | at most 8 numbers
          one offset           | {'w':{'dtype':'F32','shape':[2],'data_offsets':[0]}}           | 8 | two data_offsets
          three offsets        | {'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8,8]}}       | 8 | at most 2 numbers
          backwards            | {'w':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}         | 8 | without gap or overlap
          gap at the start     | {'w':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}        | 12 | to begin at 0
          overlap              | {W,'v':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}      | 12 | to begin at 8
          same bytes twice     | {W,'v':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}       | 8 | to begin at 8
          gap                  | {W,'v':{'dtype':'F32','shape':[2],'data_offsets':[12,20]}}     | 20 | to begin at 8
          beyond the end       | {W}                                                            | 7 | within the file's 7 bytes
          trailing bytes       | {W}                                                            | 9 | 1 trailing bytes
          too small for shape  | {'w':{'dtype':'F64','shape':[2],'data_offsets':[0,8]}}         | 8 | 16 bytes for its dtype
          product overflows    | {'w':{'dtype':'F32','shape':[4611686018427387904,4],'data_offsets':[0,0]}} | 0 | fits 63 bits
          zero and overflow    | {'w':{'dtype':'F32','shape':[0,4611686018427387904,4],'data_offsets':[0,0]}} | 0 | fits 63 bits
          """)
  void read_badFile_isRefused(String name, String header, int data, String message) {
    ByteBuffer file = file(header.replace("W", W), data);

    assertThatThrownBy(() -> SafetensorsReader.read(file, "bad.safetensors"))
        .isInstanceOf(SafetensorsException.class)
        .hasMessageStartingWith("bad.safetensors: ")
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void read_deepNesting_isRefusedWithoutRecursion() {
    ByteBuffer file = file("{'w':" + "[".repeat(1_000_000), 0);

    assertThatThrownBy(() -> SafetensorsReader.read(file, "x"))
        .isInstanceOf(SafetensorsException.class);
  }

  @Test
  void read_headerLengths_areBounded() {
    for (long length : new long[] {-1, 0, 3, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32}) {
      ByteBuffer file = file("{}", 0).putLong(0, length);

      assertThatThrownBy(() -> SafetensorsReader.read(file, "x"))
          .isInstanceOf(SafetensorsException.class)
          .hasMessageContaining("header");
    }
    assertThatThrownBy(() -> SafetensorsReader.read(ByteBuffer.allocate(7), "x"))
        .hasMessageContaining("at least 8 bytes, found 7 bytes");
  }

  @Test
  void read_notUtf8_isRefused() {
    ByteBuffer file = file("{'ab':1}", 0).put(10, (byte) 0xff);

    assertThatThrownBy(() -> SafetensorsReader.read(file, "x")).hasMessageContaining("UTF-8");
  }

  @Test
  void read_beyondTheLimits_isRefused() {
    ByteBuffer file = file("{" + W + "}", 8);
    SafetensorsLimits limits = SafetensorsLimits.DEFAULT;
    SafetensorsLimits small = limits.withFileBytes(file.limit() - 1);

    assertThatThrownBy(() -> SafetensorsReader.read(file, "x", small))
        .hasMessageContaining("at most " + (file.limit() - 1));
    assertThatThrownBy(
            () -> SafetensorsReader.read(file, "x", new SafetensorsLimits(1 << 20, 10, 9, 9)))
        .hasMessageContaining("header length: expected at most 10");
    ByteBuffer two = file("{" + W + ",'v':{'dtype':'U8','shape':[0],'data_offsets':[8,8]}}", 8);
    assertThatThrownBy(
            () -> SafetensorsReader.read(two, "x", new SafetensorsLimits(1 << 20, 1 << 20, 1, 9)))
        .hasMessageContaining("at most 1 tensors");
  }

  @Test
  void read_file_saysWhichOne(@TempDir Path folder) throws IOException {
    Path missing = folder.resolve("none.safetensors");
    Path cut = Files.write(folder.resolve("cut.safetensors"), new byte[] {1, 2, 3});

    assertThatThrownBy(() -> SafetensorsReader.read(missing))
        .isInstanceOf(SafetensorsException.class)
        .hasMessageContaining(missing.toString());
    SafetensorsException e =
        catchThrowableOfType(SafetensorsException.class, () -> SafetensorsReader.read(cut));
    assertThat(e.file()).isEqualTo(cut.toString());
    assertThat(e.what()).isEqualTo("file");
    assertThat(e.expected()).isEqualTo("at least 8 bytes");
    assertThat(e.actual()).isEqualTo("3 bytes");
  }

  private static ByteBuffer file(String header, int data) {
    byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + json.length + data).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(json.length).put(json).rewind();
    return file;
  }
}
