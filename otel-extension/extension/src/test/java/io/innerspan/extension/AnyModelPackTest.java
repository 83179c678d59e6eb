package io.innerspan.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.signals.Signal;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.testing.models.GraphWriter;
import io.innerspan.testing.models.SmallModels;
import io.innerspan.testing.models.TransformerFixture;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AnyModelPackTest {
  private static final String SHA256 = "ab".repeat(32);
  private static final TransformerFixture TRANSFORMER = TransformerFixture.postNorm();

  @Test
  void of_transformer_readsTheOutputsOfItsLayers() throws Exception {
    assertThat(places(TRANSFORMER.bytes()))
        .containsExactly(
            "blocks.0.hook_normalized_resid_post", "blocks.1.hook_normalized_resid_post");
  }

  @Test
  void of_otherNetwork_readsItsCandidates() throws Exception {
    assertThat(places(SmallModels.named("tabular-mlp").bytes()))
        .containsExactly("hidden.0", "hidden.1");
  }

  @Test
  void of_noWeights_readsTheOutputsThatHaveANorm() throws Exception {
    GraphWriter graph = new GraphWriter("plain", 13, DataType.FLOAT, 1, "");
    graph.input("x", DataType.FLOAT, "batch", "4");
    graph.named("positive", "Relu", List.of("x"));
    graph.output("positive", DataType.FLOAT, "batch", "4");
    graph.named("shape", "Shape", List.of("x"));
    graph.output("shape", DataType.INT64, "2");

    assertThat(places(graph.model().toByteArray())).containsExactly("positive");
  }

  @Test
  void of_nothingWithANorm_isNone() throws Exception {
    GraphWriter graph = new GraphWriter("plain", 13, DataType.FLOAT, 1, "");
    graph.input("x", DataType.FLOAT, "batch", "4");
    graph.named("shape", "Shape", List.of("x"));
    graph.output("shape", DataType.INT64, "2");

    assertThat(AnyModelPack.of(scan(graph.model().toByteArray()), "plain", SHA256)).isNull();
  }

  @Test
  void of_manyLayers_readsSomeFromTheFirstToTheLast() throws Exception {
    int layers = AnyModelPack.MOST_PLACES + 9;

    assertThat(places(TRANSFORMER.withLayers(layers).bytes()))
        .hasSize(AnyModelPack.MOST_PLACES)
        .doesNotHaveDuplicates()
        .startsWith("blocks.0.hook_normalized_resid_post")
        .endsWith("blocks." + (layers - 1) + ".hook_normalized_resid_post");
  }

  @Test
  void of_anyName_isForThatModel() throws Exception {
    OnnxModel model = scan(TRANSFORMER.bytes());
    for (String name : List.of("", "-", "ü böse/", "a".repeat(200))) {
      ProbePack pack = Objects.requireNonNull(AnyModelPack.of(model, name, SHA256));
      assertThat(pack.model().sha256()).isEqualTo(SHA256);
      assertThat(pack.model().structure()).isEqualTo(model.structure());
      assertThat(pack.model().name()).matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    }
  }

  private static List<String> places(byte[] model) throws Exception {
    @Nullable ProbePack pack = AnyModelPack.of(scan(model), "model", SHA256);
    return Objects.requireNonNull(pack).signals().stream()
        .map(Signal::hookPoint)
        .map(Object::toString)
        .toList();
  }

  private static OnnxModel scan(byte[] model) throws Exception {
    return OnnxModel.scan(ByteBuffer.wrap(model));
  }
}
