package io.innerspan.djl.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.innerspan.djl.fixtures.Torch;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.safetensors.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InputNamesTest {
  private static final InputNames PARAMETERS =
      InputNames.ofParameters(List.of("ids", "mask", "types"), 2);
  private static final InputNames DECLARED = InputNames.ofBlock(List.of("words", "mask"));
  private static final InputNames NAMELESS = InputNames.ofBlock(List.of());

  private final NDManager manager = Torch.manager();

  @AfterEach
  void close() {
    manager.close();
  }

  /** Of one number each, counted from 0 in the order given. */
  private static GoldenInput golden(String... names) {
    Map<String, Tensor> inputs = new HashMap<>();
    for (int i = 0; i < names.length; i++) {
      inputs.put(names[i], Tensor.ofLongs(new long[] {i}, 1, 1));
    }
    return new GoldenInput(inputs, Map.of("probe", Tensor.ofFloats(new float[] {0})));
  }

  private List<Long> arranged(InputNames names, String... given) throws GoldenRefusedException {
    return names.arrange(golden(given), manager).stream()
        .map(array -> array.toLongArray()[0])
        .toList();
  }

  @Test
  void arrange_parameters_takesTheirOrder() throws Exception {
    assertThat(arranged(PARAMETERS, "types", "mask", "ids")).containsExactly(2L, 1L, 0L);
  }

  @Test
  void arrange_parametersWithDefaultsAtTheEnd_mayBeMissing() throws Exception {
    assertThat(arranged(PARAMETERS, "mask", "ids")).containsExactly(1L, 0L);
  }

  @Test
  void arrange_parameterMissingOrUnknown_isRefused() {
    assertThatThrownBy(() -> arranged(PARAMETERS, "ids"))
        .isInstanceOf(GoldenRefusedException.class)
        .hasMessage(
            "inputs [ids] where [ids, mask, types], at least the first 2 of them, are expected");
    assertThatThrownBy(() -> arranged(PARAMETERS, "ids", "types"))
        .isInstanceOf(GoldenRefusedException.class);
    assertThatThrownBy(() -> arranged(PARAMETERS, "0", "1"))
        .isInstanceOf(GoldenRefusedException.class);
    assertThatThrownBy(() -> arranged(InputNames.ofParameters(List.of("x"), 1), "y"))
        .hasMessage("inputs [y] where [x] is expected");
  }

  @Test
  void arrange_namesThatABlockDeclares_takesTheirOrder() throws Exception {
    assertThat(arranged(DECLARED, "mask", "words")).containsExactly(1L, 0L);
    assertThatThrownBy(() -> arranged(DECLARED, "words"))
        .isInstanceOf(GoldenRefusedException.class);
    assertThatThrownBy(() -> arranged(DECLARED, "words", "1"))
        .isInstanceOf(GoldenRefusedException.class);
  }

  @Test
  void arrange_positions_takesThemWhateverABlockDeclares() throws Exception {
    for (InputNames names : List.of(DECLARED, NAMELESS)) {
      assertThat(arranged(names, "1", "0")).containsExactly(1L, 0L);
      NDList named = names.arrange(golden("1:attention_mask", "0:input_ids", "2"), manager);
      assertThat(named.stream().map(NDArray::getName))
          .containsExactly("input_ids", "attention_mask", null);
    }
  }

  @Test
  void arrange_positionMissingOrTwice_isRefused() {
    assertThatThrownBy(() -> arranged(NAMELESS, "1"))
        .isInstanceOf(GoldenRefusedException.class)
        .hasMessageContaining("positions are expected, such as 0 or 0:input_ids");
    assertThatThrownBy(() -> arranged(NAMELESS, "0", "0:ids"))
        .isInstanceOf(GoldenRefusedException.class);
    assertThatThrownBy(() -> arranged(NAMELESS, "x")).isInstanceOf(GoldenRefusedException.class);
  }

  @Test
  void arrange_everyType_keepsTypeShapeAndValues() throws Exception {
    GoldenInput golden =
        new GoldenInput(
            Map.of(
                "0", Tensor.ofFloats(new float[] {1.5f, -0f}, 1, 2),
                "1", Tensor.ofLongs(new long[] {Long.MAX_VALUE}, 1),
                "2", Tensor.ofInts(new int[] {Integer.MIN_VALUE, 7}, 1, 1, 2)),
            Map.of("probe", Tensor.ofFloats(new float[] {0})));

    NDList arrays = NAMELESS.arrange(golden, manager);

    assertThat(arrays.get(0).toFloatArray()).containsExactly(1.5f, -0f);
    assertThat(arrays.get(0).getShape()).isEqualTo(new Shape(1, 2));
    assertThat(arrays.get(1).toLongArray()).containsExactly(Long.MAX_VALUE);
    assertThat(arrays.get(2).toIntArray()).containsExactly(Integer.MIN_VALUE, 7);
    assertThat(arrays.get(2).getShape()).isEqualTo(new Shape(1, 1, 2));
    assertThat(arrays.stream().map(NDArray::getDataType))
        .containsExactly(DataType.FLOAT32, DataType.INT64, DataType.INT32);
    assertThat(arrays.stream().map(NDArray::getManager)).containsOnly(manager);
  }
}
