package io.innerspan.onnxruntime.session;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.innerspan.onnxruntime.graft.KvCache;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.testing.models.ExampleShape;
import io.innerspan.testing.models.ExampleTensor;
import io.innerspan.testing.models.SmallModel;
import io.innerspan.testing.models.SmallModels;
import io.opentelemetry.javaagent.innerspan.bridge.CacheInput;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The telemetry side is told how many tokens each run finds in its cache. */
class CachedTokensTest {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  @TempDir Path folder;
  private final Work work = new Work();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "decoder-with-cache",
        "decoder-with-cache-decomposed",
        "decoder-multi-head-with-cache"
      })
  void run_ofADecoder_tellsTheLengthOfItsCache(String name) throws Exception {
    SmallModel decoder = SmallModels.named(name);
    RecordingModel model = new RecordingModel(decoder.bytes(), List.of(), null);
    KvCache cache = OnnxModel.scan(ByteBuffer.wrap(decoder.bytes())).cache();
    model.cacheInput = new CacheInput(cache.pastInputs().get(0).name(), cache.lengthAxis());
    for (int past : new int[] {1, 2, 7}) {
      run(model, decoder, decoder.example(ExampleShape.of(1, 4).withPast(past)));
    }
    assertThat(model.cachedTokens).containsExactly(1L, 2L, 7L);
  }

  @Test
  void run_whereNoInputTells_saysSo() throws Exception {
    SmallModel decoder = SmallModels.named("decoder-with-cache");
    Map<String, ExampleTensor> inputs = decoder.example(ExampleShape.of(1, 4));
    RecordingModel model = new RecordingModel(decoder.bytes(), List.of(), null);
    run(model, decoder, inputs);
    model.cacheInput = new CacheInput("no such input", 2);
    run(model, decoder, inputs);
    model.cacheInput = new CacheInput("input_ids", 2);
    run(model, decoder, inputs);
    assertThat(model.cachedTokens).containsExactly(-1L, -1L, -1L);
  }

  private void run(RecordingModel model, SmallModel decoder, Map<String, ExampleTensor> inputs)
      throws Exception {
    SessionOpener opener = new SessionOpener(model, work, folder);
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      ObservedSession observed =
          opener.open(
              ENVIRONMENT,
              new ModelSource.Array(decoder.bytes()),
              options,
              OrtSession.SessionOptions::new,
              null);
      Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
      for (Map.Entry<String, ExampleTensor> input : inputs.entrySet()) {
        tensors.put(input.getKey(), tensor(input.getValue()));
      }
      try (OrtSession.Result result = observed.run(tensors, observed.outputNames(), null, null)) {
        assertThat(result.size()).isEqualTo(decoder.outputs().size());
      } finally {
        tensors.values().forEach(OnnxTensor::close);
        Closing.close(observed);
      }
    }
  }

  private static OnnxTensor tensor(ExampleTensor tensor) throws Exception {
    return switch (tensor.type()) {
      case INT64 ->
          OnnxTensor.createTensor(ENVIRONMENT, tensor.data().asLongBuffer(), tensor.shape());
      default ->
          OnnxTensor.createTensor(ENVIRONMENT, tensor.data().asFloatBuffer(), tensor.shape());
    };
  }
}
