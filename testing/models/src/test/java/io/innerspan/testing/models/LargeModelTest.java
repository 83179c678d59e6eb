package io.innerspan.testing.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.testing.models.Traits.OrtVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

class LargeModelTest {
  private static final long SMALL = 1 << 20;
  private static final Map<String, ExampleTensor> EXAMPLE =
      TransformerFixture.postNorm().named("example", OrtVersion.V1_12_1).example(2, 4);

  @TempDir Path folder;

  private static float[] run(Path file) throws Exception {
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString())) {
      return Ort.run(session, EXAMPLE).get("last_hidden_state").values();
    }
  }

  @Test
  void inline_andExternal_areTheSameModel() throws Exception {
    Path inline = LargeModel.inline(folder, SMALL);
    assertThat(Files.size(inline)).isBetween(SMALL, 2 * SMALL);
    ModelProto model = ModelProto.parseFrom(Files.readAllBytes(inline));
    assertThat(model.getGraph().getInitializerList())
        .filteredOn(tensor -> tensor.getDimsCount() == 2)
        .hasSize(1 + 6 * LargeModel.LAYERS);
    float[] expected = run(inline);
    assertThat(expected).hasSize(2 * 4 * LargeModel.width(SMALL));
    Path external = LargeModel.external(folder, SMALL);
    assertThat(Files.size(folder.resolve("large.onnx.data"))).isGreaterThanOrEqualTo(SMALL);
    assertThat(Files.size(external)).isLessThan(SMALL);
    assertThat(run(external)).isEqualTo(expected);
  }

  @Test
  void inline_largerThanProtobufAllows_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LargeModel.inline(folder, 1L << 31))
        .withMessageContaining("2146435072");
  }

  /** Needs 2.3 GB of disk and of memory: {@code -Dinnerspan.large=true}. */
  @Test
  @EnabledIfSystemProperty(named = "innerspan.large", matches = "true")
  void external_ofMoreThanTwoGigabytes_runs() throws Exception {
    long bytes = (1L << 31) + (100 << 20);
    Path file = LargeModel.external(folder, bytes);
    assertThat(Files.size(folder.resolve("large.onnx.data"))).isGreaterThan(bytes);
    for (float value : run(file)) {
      assertThat(value).isFinite();
    }
  }
}
