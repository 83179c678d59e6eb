package io.innerspan.signals.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.safetensors.SafetensorsLayout.Entry;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SafetensorsLayoutTest {
  @Test
  void layout_ofTensors_isWhereTheWriterPutsThem() {
    Map<String, Tensor> tensors =
        Map.of(
            "b", Tensor.ofFloats(new float[] {1, 2, 3}),
            "a", Tensor.ofInts(new int[] {7}, 1, 1),
            "long", Tensor.ofLongs(new long[] {5, 6}),
            "byte", new Tensor(DType.U8, new long[] {1}, ByteBuffer.wrap(new byte[] {9})));

    SafetensorsLayout layout =
        SafetensorsLayout.of(
            Map.of(
                "byte", new Entry(DType.U8, new long[] {1}),
                "long", new Entry(DType.I64, new long[] {2}),
                "b", new Entry(DType.F32, new long[] {3}),
                "a", new Entry(DType.I32, new long[] {1, 1})),
            Map.of("k", "v"));

    ByteBuffer written = ByteBuffer.wrap(SafetensorsWriter.toBytes(tensors, Map.of("k", "v")));
    assertThat(layout.size()).isEqualTo(written.capacity());
    assertThat(layout.names()).containsExactly("long", "a", "b", "byte");
    assertThat(layout.offset("long")).isEqualTo(layout.header().length);
    assertThat(written.slice(0, layout.header().length))
        .isEqualTo(ByteBuffer.wrap(layout.header()));
    tensors.forEach(
        (name, tensor) ->
            assertThat(written.slice((int) layout.offset(name), tensor.data().remaining()))
                .as(name)
                .isEqualTo(tensor.data()));
  }

  @Test
  void layout_beyondTwoGibibytes_isKnown() {
    SafetensorsLayout layout =
        SafetensorsLayout.of(
            Map.of(
                "a", new Entry(DType.F32, new long[] {1L << 30, 4}),
                "b", new Entry(DType.F32, new long[] {1})),
            Map.of());

    assertThat(layout.offset("b")).isEqualTo(layout.header().length + (1L << 34));
  }

  @Test
  void entry_negativeDimensionOrUnknownName_isRefused() {
    assertThatThrownBy(() -> new Entry(DType.F32, new long[] {-1}))
        .isInstanceOf(InvalidValueException.class);
    SafetensorsLayout layout = SafetensorsLayout.of(Map.of(), Map.of());
    assertThatThrownBy(() -> layout.offset("x")).isInstanceOf(InvalidValueException.class);
  }
}
