package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireReaderTest {
  private static WireReader reader(int... bytes) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length);
    for (int b : bytes) {
      buffer.put((byte) b);
    }
    return new WireReader(buffer.flip().asReadOnlyBuffer());
  }

  @Test
  void varint_knownEncodings_areDecoded() throws Exception {
    assertThat(reader(0).varint()).isZero();
    assertThat(reader(0x96, 0x01).varint()).isEqualTo(150);
    assertThat(reader(255, 255, 255, 255, 255, 255, 255, 255, 255, 1).varint()).isEqualTo(-1);
  }

  @Test
  void varint_elevenBytes_isRefused() {
    assertThatExceptionOfType(ModelRefusedException.class)
        .isThrownBy(() -> reader(128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 0).varint())
        .withMessageContaining("more than ten bytes");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x0b, 0x0c, 0x0e, 0x0f})
  void tag_groupOrUnknownWireType_isRefused(int tag) {
    assertThatExceptionOfType(ModelRefusedException.class)
        .isThrownBy(() -> reader(tag).tag())
        .withMessage("not an ONNX model: at byte 1 there is a field of wire type " + (tag & 7));
  }

  @Test
  void tag_fieldZero_isRefused() {
    assertThatExceptionOfType(ModelRefusedException.class).isThrownBy(() -> reader(2).tag());
  }

  @Test
  void length_beyondTheEnd_isRefusedWithBoth() {
    assertThatExceptionOfType(ModelRefusedException.class)
        .isThrownBy(() -> reader(9, 1, 2).length())
        .withMessageContaining("a field of 9 bytes where 2 remain");
  }

  @Test
  void enter_nestedMessage_endsAtItsLimit() throws Exception {
    WireReader reader = reader(1, 2, 3);
    int outer = reader.enter(2);
    assertThat(reader.bytes(2)).containsExactly(1, 2);
    assertThat(reader.atEnd()).isTrue();
    reader.leave(outer);
    assertThat(reader.bytes(1)).containsExactly(3);
  }

  @Test
  void reader_bufferOfTheCaller_staysAsItWas() throws Exception {
    ByteBuffer buffer = ByteBuffer.wrap(new byte[] {1, 2, 3}).position(1);
    assertThat(new WireReader(buffer).bytes(2)).containsExactly(2, 3);
    assertThat(buffer.position()).isEqualTo(1);
  }
}
