package io.innerspan.testing.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A decoder with a cache, run token by token, computes what it computes at once. */
class CacheTest {
  /** Tokens in the cache at first: ONNX Runtime 1.12 takes no empty tensor. */
  private static final int PAST = 2;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "decoder-with-cache",
        "decoder-with-cache-decomposed",
        "decoder-multi-head-with-cache"
      })
  void logits_ofOneTokenAtATime_areThoseOfAll(String name) throws Exception {
    SmallModel model = SmallModels.named(name);
    assumeTrue(
        model.traits().minOrt().compareTo(SmallModelsTest.RUNTIME) <= 0, "a newer ONNX Runtime");
    Map<String, ExampleTensor> all = model.example(ExampleShape.of(1, 6).withPast(PAST));
    float[] atOnce = Ort.run(model, all).get("logits").values();
    Map<String, Ort.Output> outputs = new LinkedHashMap<>();
    for (int step = 0; step < 6; step++) {
      outputs = Ort.run(model, step(all, outputs, step));
      float[] logits = outputs.get("logits").values();
      for (int token = 0; token < Blocks.VOCABULARY; token++) {
        assertThat(logits[token])
            .isCloseTo(atOnce[step * Blocks.VOCABULARY + token], within(1e-5f));
      }
    }
  }

  private static Map<String, ExampleTensor> step(
      Map<String, ExampleTensor> all, Map<String, Ort.Output> before, int step) {
    Map<String, ExampleTensor> inputs = new LinkedHashMap<>(all);
    inputs.put("input_ids", longs(all.get("input_ids").longs()[step]));
    inputs.put("position_ids", longs(PAST + step));
    inputs.put(
        "attention_mask", longs(LongStream.generate(() -> 1).limit(PAST + step + 1).toArray()));
    before.forEach(
        (output, value) ->
            inputs.computeIfPresent(
                output.replace("present", "past_key_values"), (input, past) -> floats(value)));
    return inputs;
  }

  private static ExampleTensor longs(long... values) {
    ByteBuffer data = ByteBuffer.allocateDirect(8 * values.length).order(ByteOrder.nativeOrder());
    data.asLongBuffer().put(values);
    return new ExampleTensor(DataType.INT64, new long[] {1, values.length}, data);
  }

  private static ExampleTensor floats(Ort.Output output) {
    int bytes = 4 * output.values().length;
    ByteBuffer data = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    data.asFloatBuffer().put(output.values());
    return new ExampleTensor(DataType.FLOAT, output.shape(), data);
  }
}
