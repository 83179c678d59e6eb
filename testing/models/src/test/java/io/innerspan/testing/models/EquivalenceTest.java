package io.innerspan.testing.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models of equal weights in another form compute the same. */
class EquivalenceTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "encoder-post-ln-decomposed, encoder-post-ln, 1e-5",
    "encoder-pre-ln-decomposed-masked-lm, encoder-pre-ln-masked-lm, 1e-5",
    "encoder-post-ln-opset-9, encoder-post-ln, 1e-5",
    "encoder-post-ln-opset-12, encoder-post-ln, 1e-5",
    "encoder-pre-ln-opset-16, encoder-pre-ln, 1e-5",
    "encoder-opset-20, encoder-post-ln, 1e-5",
    "encoder-opset-24, encoder-post-ln, 1e-5",
    "encoder-post-ln-torchscript, encoder-post-ln, 1e-5",
    "encoder-pre-ln-dynamo, encoder-pre-ln, 1e-5",
    "encoder-external-data, encoder-post-ln, 0",
    "encoder-opset-9-ir-3, encoder-post-ln-opset-9, 1e-5",
    "encoder-local-function, encoder-post-ln, 1e-5",
    "encoder-mask-bool, encoder-post-ln, 0",
    "decoder-with-cache, decoder, 1e-5",
    "decoder-decomposed, decoder, 1e-5",
    "decoder-multi-head-with-cache, decoder, 1e-5",
    "encoder-opset-25, encoder-post-ln, 1e-5",
    "encoder-pre-ln-opset-26, encoder-pre-ln, 1e-5",
    "encoder-fused-multi-head, encoder-fused, 1e-5",
    "llama-fused, llama-opset-23, 1e-4",
    "llama-fused-int4-packed, llama-fused-int4, 1e-4"
  })
  void output_ofAnotherForm_isTheSame(String name, String reference, float tolerance)
      throws Exception {
    Pair outputs = outputs(name, reference);
    for (int i = 0; i < outputs.found().length; i++) {
      assertThat(outputs.found()[i])
          .as(name + ", element " + i)
          .isCloseTo(outputs.expected()[i], within(tolerance));
    }
  }

  /** Hidden states have a variance of about 1. */
  @ParameterizedTest
  @CsvSource({
    "encoder-fp16, encoder-post-ln, 0.002",
    "encoder-pre-ln-fp16, encoder-pre-ln, 0.002",
    "encoder-bf16-weights, encoder-post-ln, 0.02",
    "encoder-fp16-classifier, encoder-post-ln-classifier, 0.002",
    "decoder-fp16, decoder, 0.01",
    "llama-fused-fp16, llama-fused, 0.01",
    "encoder-int8-qdq, encoder-post-ln, 0.1",
    "encoder-int8-dynamic, encoder-post-ln, 0.1",
    "decoder-int8-dynamic, decoder, 0.1"
  })
  void output_ofLowerPrecision_isNear(String name, String reference, double tolerance)
      throws Exception {
    Pair outputs = outputs(name, reference);
    double sum = 0;
    for (int i = 0; i < outputs.found().length; i++) {
      sum += Math.abs(outputs.found()[i] - outputs.expected()[i]);
    }
    double mean = sum / outputs.found().length;
    assertThat(mean).isPositive().isLessThan(tolerance);
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Pair(float[] found, float[] expected) {}

  private Pair outputs(String name, String reference) throws Exception {
    SmallModel model = SmallModels.named(name);
    SmallModel same = SmallModels.named(reference);
    assumeTrue(runs(model) && runs(same), "a newer ONNX Runtime");
    assumeTrue(!model.hasCache() || SmallModelsTest.takesEmptyTensors());
    ExampleShape shape = ExampleShape.of(2, 6).withPast(0);
    Pair outputs = new Pair(first(model, model.example(shape)), first(same, same.example(shape)));
    assertThat(outputs.found()).hasSameSizeAs(outputs.expected());
    return outputs;
  }

  private static boolean runs(SmallModel model) {
    return model.traits().minOrt().compareTo(SmallModelsTest.RUNTIME) <= 0;
  }

  private float[] first(SmallModel model, Map<String, ExampleTensor> example) throws Exception {
    return Ort.run(model, example, folder).get(model.outputs().get(0)).values();
  }
}
