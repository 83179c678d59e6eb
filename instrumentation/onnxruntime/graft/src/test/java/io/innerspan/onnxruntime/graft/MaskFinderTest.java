package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskFinderTest {
  private static final List<Dimension> SHAPE = List.of(Dimension.UNKNOWN, Dimension.UNKNOWN);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "attention_mask",
        "input_mask",
        "attentionMask",
        "padding_mask",
        "attention_mask:0",
        "encoder.attention_mask"
      })
  void find_maskName_isFound(String name) {
    assertThat(MaskFinder.find(List.of(new TensorInfo(name, ElementType.INT64, SHAPE))))
        .isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "input_ids",
        "mask",
        "head_mask",
        "global_attention_mask",
        "cross_attention_mask",
        "masks"
      })
  void find_otherName_isNot(String name) {
    assertThat(MaskFinder.find(List.of(new TensorInfo(name, ElementType.INT64, SHAPE)))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"past_key_values.0.key", "past_0", "cache_k", "past.1.value"})
  void hasCache_cacheInput_isTrue(String name) {
    assertThat(MaskFinder.hasCache(List.of(new TensorInfo(name, ElementType.FLOAT, null))))
        .isTrue();
  }
}
