package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.signals.HookPoint;
import io.innerspan.testing.models.GraphWriter;
import io.innerspan.testing.models.SmallModel;
import io.innerspan.testing.models.SmallModels;
import io.innerspan.testing.models.Transforms;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenSourcesTest {
  private final GraphWriter graph = new GraphWriter("g", 17, DataType.FLOAT, 1, "");

  private static TokenSources.Result of(OnnxModel model, String place) {
    return model.tokens(Objects.requireNonNull(model.resolve(new HookPoint(place))));
  }

  private TokenSources.Result of(String tensor) throws ModelRefusedException {
    return of(OnnxModelTest.scan(graph.model().toByteArray()), tensor);
  }

  private String embedded(String ids) {
    String rows = graph.node("Gather", List.of(graph.weights(1, 9, 4), ids));
    return graph.node("MatMul", List.of(rows, graph.weights(1, 4, 4)));
  }

  @Test
  void of_cache_isTheEndOfTheMask() throws Exception {
    OnnxModel model = OnnxModelTest.scan(SmallModels.named("decoder-with-cache").bytes());
    TokenSource source = Objects.requireNonNull(of(model, "blocks.0.hook_resid_post").source());
    assertThat(source.last()).isTrue();
    assertThat(Objects.requireNonNull(source.mask()).name()).isEqualTo("attention_mask");
    KvCache cache = Objects.requireNonNull(model.cache());
    assertThat(cache.lengthAxis()).isEqualTo(2);
    assertThat(cache.pastInputs())
        .extracting(TensorInfo::name)
        .containsExactly(
            "past_key_values.0.key",
            "past_key_values.0.value",
            "past_key_values.1.key",
            "past_key_values.1.value");
  }

  @Test
  void of_encoderAndDecoder_isTheMaskOfEachSide() throws Exception {
    OnnxModel model = OnnxModelTest.scan(SmallModels.named("encoder-decoder-pre-ln").bytes());
    TokenSource source = Objects.requireNonNull(of(model, "encoder.0.hook_resid_post").source());
    assertThat(Objects.requireNonNull(source.mask()).name()).isEqualTo("attention_mask");
    assertThat(of(model, "decoder.0.hook_resid_post").refusal())
        .contains("attention_mask [batch, source]");
  }

  @Test
  void of_towersOfTextAndImages_isAMaskForTheTextOnly() throws Exception {
    graph.input("input_ids", DataType.INT64, "batch", "tokens");
    graph.input("attention_mask", DataType.INT64, "batch", "tokens");
    graph.input("patches", DataType.FLOAT, "batch", "49", "4");
    String text = embedded("input_ids");
    String image = graph.node("MatMul", List.of("patches", graph.weights(1, 4, 4)));
    assertThat(Objects.requireNonNull(of(text).source()).mask()).isNotNull();
    assertThat(Objects.requireNonNull(of(image).source()).mask()).isNull();
  }

  @Test
  void of_twoMasks_isTheOneOfTheSameTokens() throws Exception {
    graph.input("input_ids", DataType.INT64, "batch", "source");
    graph.input("attention_mask", DataType.INT64, "batch", "source");
    graph.input("decoder_input_ids", DataType.INT64, "batch", "target");
    graph.input("decoder_attention_mask", DataType.INT64, "batch", "target");
    String target = embedded("decoder_input_ids");
    TokenSource source = Objects.requireNonNull(of(target).source());
    assertThat(Objects.requireNonNull(source.mask()).name()).isEqualTo("decoder_attention_mask");
  }

  /** The encoder's mask tells nothing of the decoder's tokens, before and after they meet. */
  @ParameterizedTest
  @ValueSource(strings = {"hook_resid_pre", "hook_resid_mid", "hook_resid_post"})
  void of_splitDecoder_isNotTheMaskOfItsEncoder(String place) throws Exception {
    SmallModel split = SmallModels.named("encoder-decoder-split");
    for (SmallModel model : List.of(split, Transforms.pinned(split, 2, 6))) {
      TokenSources.Result result = of(OnnxModelTest.scan(model.bytes()), "blocks.0." + place);
      assertThat(result.source()).as(model.name()).isNull();
      assertThat(result.withoutMask()).isTrue();
      assertThat(result.refusal()).contains("only encoder_attention_mask");
    }
  }

  @Test
  void of_splitDecoderWithPast_whichTakesOneTokenPerRow_isEveryToken() throws Exception {
    SmallModel split = SmallModels.named("encoder-decoder-split-with-past");
    OnnxModel model = OnnxModelTest.scan(split.bytes());
    assertThat(of(model, "blocks.1.hook_resid_post").source())
        .isEqualTo(new TokenSource(null, false));
    assertThat(Objects.requireNonNull(model.cache()).pastInputs())
        .extracting(TensorInfo::name)
        .containsExactly(
            "past_key_values.0.decoder.key",
            "past_key_values.0.decoder.value",
            "past_key_values.1.decoder.key",
            "past_key_values.1.decoder.value");
  }

  @ParameterizedTest
  @CsvSource({
    "encoder_attention_mask, states", // By its name.
    "attention_mask, source", // By the length of what it masks.
  })
  void of_maskOfMemory_isThatOfTheMemoryAlone(String mask, String length) throws Exception {
    graph.input("input_ids", DataType.INT64, "batch", "target");
    graph.input(mask, DataType.INT64, "batch", "source");
    graph.input("states", DataType.FLOAT, "batch", length, "4");
    String memory = graph.node("MatMul", List.of("states", graph.weights(1, 4, 4)));
    String own = embedded("input_ids");
    assertThat(of(own).refusal()).contains("only " + mask);
    boolean told = length.equals("source");
    TokenSource source = of(memory).source();
    assertThat(Objects.requireNonNull(source).mask() != null).isEqualTo(told);
  }

  @Test
  void of_ownMaskBesideThatOfTheMemory_isTheOwn() throws Exception {
    graph.input("input_ids", DataType.INT64, "batch", "target");
    graph.input("attention_mask", DataType.INT64, "batch", "mask_length");
    graph.input("encoder_attention_mask", DataType.INT64, "batch", "source");
    graph.input("states", DataType.FLOAT, "batch", "source", "4");
    TokenSource source = Objects.requireNonNull(of(embedded("input_ids")).source());
    assertThat(Objects.requireNonNull(source.mask()).name()).isEqualTo("attention_mask");
  }

  @Test
  void of_maskWithAnotherNameForItsLength_isStillTheOnlyOne() throws Exception {
    graph.input("input_ids", DataType.INT64, "batch", "unk__1");
    graph.input("attention_mask", DataType.INT64, "batch", "unk__2");
    assertThat(Objects.requireNonNull(of(embedded("input_ids")).source()).mask()).isNotNull();
  }

  @Test
  void of_idsWithoutMask_isRefused() throws Exception {
    graph.input("input_ids", DataType.INT64, "batch", "tokens");
    assertThat(of(embedded("input_ids")).withoutMask()).isTrue();
  }

  @Test
  void of_oneIdPerRow_needsNoMask() throws Exception {
    graph.input("category", DataType.INT64, "batch", "1");
    assertThat(of(embedded("category")).source()).isNotNull();
  }

  @Test
  void of_samplesWithMask_isRefusedWhereFramesAreFewer() throws Exception {
    graph.input("input_values", DataType.FLOAT, "batch", "samples");
    graph.input("attention_mask", DataType.INT64, "batch", "samples");
    String one = graph.node("Unsqueeze", List.of("input_values", graph.longs(1)));
    String frames = graph.node("Conv", List.of(one, graph.weights(1, 6, 1, 4)));
    assertThat(of(graph.node("Relu", List.of(frames))).refusal()).contains("tokens");
  }
}
