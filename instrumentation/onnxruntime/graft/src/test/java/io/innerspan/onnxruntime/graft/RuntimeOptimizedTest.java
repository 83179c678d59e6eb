package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.testing.models.TransformerFixture;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that ONNX Runtime has optimised and saved: fused operators instead of plain ones. */
class RuntimeOptimizedTest {
  private static byte[] optimize(TransformerFixture fixture, Path folder) throws Exception {
    Path saved = folder.resolve("optimized.onnx");
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizedModelFilePath(saved.toString());
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.EXTENDED_OPT);
      options.setSymbolicDimensionValue("batch", 2);
      options.setSymbolicDimensionValue("sequence", 8);
      OrtEnvironment.getEnvironment().createSession(fixture.bytes(), options).close();
    }
    return Files.readAllBytes(saved);
  }

  private static Set<String> operators(byte[] model) throws Exception {
    return ModelProto.parseFrom(model).getGraph().getNodeList().stream()
        .map(NodeProto::getOpType)
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void layers_postNormFused_areTheSame(int layers, @TempDir Path folder) throws Exception {
    byte[] model = optimize(TransformerFixture.postNorm().withLayers(layers), folder);
    assertThat(operators(model)).contains("SkipLayerNormalization");
    OnnxModel scanned = OnnxModel.scan(ByteBuffer.wrap(model));
    assertThat(scanned.layers()).hasSize(layers);
    if (layers > 1) {
      TapPoint output = OnnxModelTest.resolve(scanned, "blocks.0.hook_normalized_resid_post");
      assertThat(output.tensor().shapeText()).isEqualTo("[2, 8, 16]");
    }
  }

  @Test
  void layers_preNormFused_areTheSame(@TempDir Path folder) throws Exception {
    byte[] model = optimize(TransformerFixture.preNorm(), folder);
    assertThat(operators(model)).contains("SkipLayerNormalization");
    OnnxModel scanned = OnnxModel.scan(ByteBuffer.wrap(model));
    assertThat(scanned.layers()).hasSize(2);
    TapPoint sum = OnnxModelTest.resolve(scanned, "blocks.0.hook_resid_post");
    assertThat(sum.tensor().shapeText()).isEqualTo("[2, 8, 16]");
  }
}
