package io.innerspan.signals.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorTest {
  @ParameterizedTest
  @CsvSource({
    "0x0000, 0.0",
    "0x8000, -0.0",
    "0x3c00, 1.0",
    "0xc000, -2.0",
    "0x3555, 0.333251953125",
    "0x7bff, 65504.0",
    "0x0400, 6.103515625E-5",
    "0x0001, 5.9604644775390625E-8",
    "0x83ff, -6.097555160522461E-5",
    "0x7c00, Infinity",
    "0xfc00, -Infinity",
    "0x7e01, NaN"
  })
  void toFloats_half_isIeee754(int bits, float expected) {
    assertThat(tensor(DType.F16, (short) bits).toFloats()).containsExactly(expected);
  }

  @Test
  void toFloats_everyHalf_isWhatLaterJavasSay() {
    // Float.float16ToFloat came with Java 20; its rule: value = (-1)^s · 2^(e-15) · 1.f
    for (int bits = 0; bits < 0x7c00; bits++) {
      int exponent = bits >>> 10;
      double fraction = (bits & 0x3ff) / 1024.0;
      double expected =
          exponent == 0 ? Math.scalb(fraction, -14) : Math.scalb(1 + fraction, exponent - 15);
      assertThat((double) Elements.half((short) bits)).isEqualTo(expected);
      assertThat((double) Elements.half((short) (bits | 0x8000))).isEqualTo(-expected);
    }
  }

  @Test
  void toFloats_otherTypes_convert() {
    assertThat(tensor(DType.BF16, (short) 0x3fc0).toFloats()).containsExactly(1.5f);
    assertThat(Tensor.ofDoubles(new double[] {0.1}).toFloats()).containsExactly(0.1f);
    assertThatThrownBy(() -> Tensor.ofInts(new int[] {1}).toFloats())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found I32");
  }

  @Test
  void toLongs_unsigned_staysPositive() {
    assertThat(tensor(DType.U16, (short) 0xffff).toLongs()).containsExactly(65535);
    assertThat(tensor(DType.I16, (short) 0xffff).toLongs()).containsExactly(-1);
    assertThat(tensor(DType.U8, (short) 0xfe01).toLongs()).containsExactly(1, 254);
    assertThat(tensor(DType.I8, (short) 0xfe01).toLongs()).containsExactly(1, -2);
    assertThat(
            new Tensor(DType.U32, new long[] {1}, Tensor.ofInts(new int[] {-1}).data()).toLongs())
        .containsExactly(4294967295L);
    assertThat(Tensor.ofLongs(new long[] {Long.MIN_VALUE}).toLongs())
        .containsExactly(Long.MIN_VALUE);
    assertThatThrownBy(() -> Tensor.ofFloats(new float[] {1}).toLongs())
        .hasMessageContaining("found F32");
  }

  @Test
  void constructor_wrongLength_isRefused() {
    assertThatThrownBy(() -> Tensor.ofFloats(new float[3], 2, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tensor F32[2, 2]: expected 16 bytes, found 12 bytes");
    assertThatThrownBy(() -> Tensor.ofFloats(new float[1], 1, -1))
        .hasMessageContaining("expected a shape whose size fits 63 bits");
    assertThatThrownBy(() -> Tensor.ofFloats(new float[0], 1L << 62, 2))
        .hasMessageContaining("expected a shape whose size fits 63 bits");
  }

  @Test
  void accessors_changedResults_leaveTheTensorAlone() {
    long[] shape = {1, 2};
    Tensor tensor = Tensor.ofFloats(new float[] {1, 2}, shape);
    shape[0] = 7;
    tensor.shape()[1] = 7;
    tensor.data().getFloat();

    assertThat(tensor.shape()).containsExactly(1, 2);
    assertThat(tensor.data().remaining()).isEqualTo(8);
    assertThat(tensor.data().isReadOnly()).isTrue();
    assertThat(tensor.data().order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    assertThat(tensor).isEqualTo(Tensor.ofFloats(new float[] {1, 2}, 1, 2));
    assertThat(tensor).hasSameHashCodeAs(Tensor.ofFloats(new float[] {1, 2}, 1, 2));
    assertThat(tensor).isNotEqualTo(Tensor.ofFloats(new float[] {1, 2}, 2, 1));
    assertThat(tensor).isNotEqualTo(Tensor.ofFloats(new float[] {1, 3}, 1, 2));
  }

  private static Tensor tensor(DType type, short bits) {
    ByteBuffer data = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort(0, bits);
    return new Tensor(type, new long[] {2 / type.bytes()}, data);
  }
}
