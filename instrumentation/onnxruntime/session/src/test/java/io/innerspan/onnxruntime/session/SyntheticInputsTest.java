package io.innerspan.onnxruntime.session;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.innerspan.onnxruntime.graft.InputSizes;
import io.innerspan.onnxruntime.graft.KvCache;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.testing.models.SmallModel;
import io.innerspan.testing.models.SmallModels;
import io.innerspan.testing.models.Traits.OrtVersion;
import io.opentelemetry.javaagent.innerspan.bridge.ModelInput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Made-up inputs are such as the model takes. */
class SyntheticInputsTest {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  @TempDir Path folder;

  static List<SmallModel> models() {
    OrtVersion version = OrtVersion.of(OrtApi.version());
    return SmallModels.where(
        model ->
            model.traits().minOrt().compareTo(version) <= 0 && !model.name().contains("inside"));
  }

  @ParameterizedTest
  @MethodSource("models")
  void of_everySmallModel_areTaken_withAndWithoutCachedTokens(SmallModel small) throws Exception {
    Path file = small.write(folder);
    OnnxModel model = OnnxModel.scan(file);
    List<ModelInput> taken = new ArrayList<>();
    try (OrtSession session = ENVIRONMENT.createSession(file.toString())) {
      List<ModelInput> all =
          SyntheticInputs.of(
              session.getInputInfo().values(), model.maskInput(), InputSizes.of(model), List.of());
      for (ModelInput input : all) {
        try (Inputs inputs = Inputs.of(ENVIRONMENT, input);
            OrtSession.Result result = session.run(inputs.tensors())) {
          assertThat(result.size()).isPositive();
          taken.add(input);
        } catch (OrtException e) {
          assertThat(input.tensors())
              .as("more tokens than the model has positions for: %s", e)
              .anySatisfy(tensor -> assertThat(tensor.shape()).containsAnyOf(33, 128));
        }
      }
    }
    assertThat(taken).isNotEmpty();
    KvCache cache = model.cache();
    if (cache != null && !small.pinned()) {
      String name = cache.pastInputs().get(0).name();
      assertThat(taken)
          .extracting(input -> tensor(input, name).shape()[cache.lengthAxis()])
          .contains(0L, 24L, 9L, 17L);
    }
  }

  @Test
  void of_aMaskOverCachedTokens_isAsLongAsBoth_andPaddedBeforeThem() throws Exception {
    ModelInput step = made("decoder-with-cache").get(3);
    assertThat(tensor(step, "input_ids").shape()).containsExactly(2, 1);
    ModelInput.Tensor mask = tensor(step, "attention_mask");
    assertThat(mask.shape()).containsExactly(2, 10);
    long[] values = new long[20];
    mask.data().duplicate().order(java.nio.ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(values);
    assertThat(values).containsExactly(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1);
  }

  @Test
  void of_aDecoderApartFromItsEncoder_tellsTheLengthsApart() throws Exception {
    ModelInput first = made("encoder-decoder-split").get(1);
    assertThat(tensor(first, "input_ids").shape()).containsExactly(2, 33);
    assertThat(tensor(first, "encoder_attention_mask").shape()).containsExactly(2, 11);
    assertThat(tensor(first, "encoder_hidden_states").shape()).containsExactly(2, 11, 16);
    ModelInput step = made("encoder-decoder-split-with-past").get(2);
    assertThat(tensor(step, "input_ids").shape()).containsExactly(1, 1);
    assertThat(tensor(step, "past_key_values.0.decoder.key").shape()).containsExactly(1, 2, 24, 8);
    assertThat(tensor(step, "past_key_values.0.encoder.key").shape()).containsExactly(1, 2, 11, 8);
  }

  @ParameterizedTest
  @CsvSource({"1, 3c00", "-2, c000", "0.1, 2e66", "65504, 7bff", "0, 0", "1e-9, 0", "1e9, 7bff"})
  void half_ofANumber_isItsBits(float value, String bits) {
    assertThat(Integer.toHexString(SyntheticInputs.half(value) & 0xffff)).isEqualTo(bits);
  }

  private List<ModelInput> made(String name) throws Exception {
    SmallModel small = SmallModels.named(name);
    Path file = small.write(folder);
    OnnxModel model = OnnxModel.scan(file);
    Map<String, List<String>> sizes = InputSizes.of(model);
    try (OrtSession session = ENVIRONMENT.createSession(file.toString())) {
      return SyntheticInputs.of(
          session.getInputInfo().values(), model.maskInput(), sizes, List.of());
    }
  }

  private static ModelInput.Tensor tensor(ModelInput input, String name) {
    return input.tensors().stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
  }
}
