package io.innerspan.workbench.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FiniteTest {
  @Test
  void all_extremesOfWhatIsFinite_areFinite() {
    assertThat(
            Finite.all(
                buffer(0f, -0f, Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_VALUE, -1e-40f)))
        .isTrue();
    assertThat(Finite.all(buffer())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void all_oneValueAnywhere_isSeenAndFound(float bad) {
    for (int at : new int[] {0, 1, 4095, 4096, 8999}) {
      float[] values = new float[9000];
      values[at] = bad;
      ByteBuffer buffer = buffer(values);
      assertThat(Finite.all(buffer)).as("at %s", at).isFalse();
      assertThat(Float.compare(Finite.first(buffer), bad)).isZero();
    }
    int negative = 0xffc0_0001;
    assertThat(Finite.all(buffer(Float.intBitsToFloat(negative)))).isFalse();
  }

  @Test
  void first_ofFiniteValues_isAMistake() {
    assertThatThrownBy(() -> Finite.first(buffer(1f))).isInstanceOf(IllegalArgumentException.class);
  }

  private static ByteBuffer buffer(float... values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return buffer;
  }
}
