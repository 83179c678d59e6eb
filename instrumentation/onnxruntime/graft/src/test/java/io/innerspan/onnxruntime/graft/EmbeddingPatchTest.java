package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.innerspan.onnxruntime.graft.onnx.AttributeProto;
import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.onnxruntime.graft.onnx.ValueInfoProto;
import io.innerspan.testing.models.Attributes;
import io.innerspan.testing.models.GraphWriter;
import io.innerspan.testing.models.SmallModel;
import io.innerspan.testing.models.SmallModels;
import io.innerspan.testing.models.Style;
import io.innerspan.testing.models.Tabular;
import io.innerspan.testing.models.TransformerFixture;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which models start at the embeddings of their tokens, and why others do not. */
class EmbeddingPatchTest {
  private static final TransformerFixture FIXTURE = TransformerFixture.postNorm();

  @TempDir Path folder;

  private static EmbeddingPatch compile(byte[] model) throws ModelRefusedException {
    return EmbeddingPatch.compile(OnnxModel.scan(ByteBuffer.wrap(model)), "input_ids");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void compile_aTransformer_findsWhatTheIdsAreLookedUpIn(boolean normFirst) throws Exception {
    byte[] bytes = FIXTURE.withNormFirst(normFirst).bytes();
    OnnxModel model = OnnxModel.scan(ByteBuffer.wrap(bytes));
    EmbeddingPatch patch = EmbeddingPatch.compile(model, "input_ids");
    assertThat(patch.tensor())
        .isEqualTo(
            model.hookPoints().stream()
                .filter(point -> point.hookPoint().name().endsWith("hook_embed"))
                .findFirst()
                .orElseThrow()
                .tensor()
                .name());
  }

  @Test
  void edits_andOverlay_makeAModelThatHasBothInputsAndTheOutput() throws Exception {
    byte[] bytes = FIXTURE.bytes();
    EmbeddingPatch patch = compile(bytes);
    Path file = Files.write(folder.resolve("model.onnx"), bytes);
    byte[] overlay = patch.overlay();
    byte[] changed = Arrays.copyOf(bytes, bytes.length + overlay.length);
    System.arraycopy(overlay, 0, changed, bytes.length, overlay.length);
    Map<Integer, byte[]> edits = patch.edits(file);
    edits.forEach((at, name) -> System.arraycopy(name, 0, changed, at, name.length));

    GraphProto graph = ModelProto.parseFrom(changed).getGraph();

    assertThat(edits).hasSize(1);
    assertThat(graph.getInputList())
        .extracting(ValueInfoProto::getName)
        .containsExactly("input_ids", "attention_mask", patch.maskInput(), patch.valuesInput());
    assertThat(graph.getOutputList())
        .extracting(ValueInfoProto::getName)
        .containsExactly("last_hidden_state", patch.tensor());
    assertThat(graph.getNodeList())
        .filteredOn(node -> node.getOutputList().contains(patch.tensor()))
        .extracting(NodeProto::getOpType)
        .containsExactly("Where");
  }

  @Test
  void edits_ofAnotherModel_areRefused() throws Exception {
    EmbeddingPatch patch = compile(FIXTURE.bytes());
    Path other = Files.write(folder.resolve("other.onnx"), Tabular.mlp().bytes());
    assertThatExceptionOfType(ModelRefusedException.class)
        .isThrownBy(() -> patch.edits(other))
        .withMessageMatching("expected one node with the output .*, found 0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "encoder-fused | a fused EmbedLayerNormalization keeps the tokens' embeddings to itself",
        "tabular-mlp | expected one table that input_ids is looked up in, found 0",
        "encoder-external-data | weights lie in other files, expected them in the model's"
      })
  void compile_modelsThatHaveNoSuchPlace_areRefused(String name, String reason) {
    SmallModel model =
        SmallModels.all().stream().filter(any -> any.name().equals(name)).findFirst().orElseThrow();
    refused(model.bytes(), reason);
  }

  @ParameterizedTest
  @CsvSource({"QDQ, QuantizeLinear", "DYNAMIC, DynamicQuantizeLinear"})
  void compile_quantisedModels_areRefused(Style.Linear linear, String operator) {
    refused(
        FIXTURE.with(Style.POST_NORM.with(linear)).bytes(),
        "quantised: "
            + operator
            + " rounds activations to integers, so that differences tell no derivative");
  }

  @Test
  void compile_halfPrecision_isRefused_andWeightsStoredInItAreNot() throws Exception {
    assertThatExceptionOfType(ModelRefusedException.class)
        .isThrownBy(() -> compile(FIXTURE.withType(DataType.FLOAT16).bytes()))
        .withMessageContaining("FLOAT16");
    assertThat(compile(FIXTURE.withType(DataType.BFLOAT16).bytes()).tensor()).isNotEmpty();
  }

  @Test
  void compile_halfPrecisionInBetween_isRefused() {
    GraphWriter graph = lookedUp();
    graph.named("half", "Cast", List.of("words"), to(DataType.FLOAT16));
    graph.named("back", "Cast", List.of("half"), to(DataType.FLOAT));
    graph.output("back", DataType.FLOAT, "batch", "tokens", "3");
    refused(
        graph.model().toByteArray(),
        "half precision: Cast rounds activations to FLOAT16, so that differences tell no"
            + " derivative");
  }

  @Test
  void compile_idsThatAreLookedUpTwice_areRefused() {
    GraphWriter graph = lookedUp();
    String other = graph.node("Gather", List.of(graph.weights(1, 7, 3), "input_ids"));
    graph.named("sum", "Add", List.of("words", other));
    graph.output("sum", DataType.FLOAT, "batch", "tokens", "3");
    refused(
        graph.model().toByteArray(), "expected one table that input_ids is looked up in, found 2");
  }

  @Test
  void compile_noTransformer_andIdsConvertedBefore_findsTheTable() throws Exception {
    GraphWriter graph = new GraphWriter("words", 13, DataType.FLOAT, 1, "");
    graph.input("input_ids", DataType.INT64, "batch", "tokens");
    String ids = graph.node("Cast", List.of("input_ids"), to(DataType.INT32));
    graph.named("words", "Gather", List.of(graph.weights(1, 9, 3), ids));
    graph.named("mean", "ReduceMean", List.of("words"), Attributes.integers("axes", 1));
    graph.output("mean", DataType.FLOAT, "batch", "1", "3");
    assertThat(compile(graph.model().toByteArray()).tensor()).isEqualTo("words");
  }

  private static GraphWriter lookedUp() {
    GraphWriter graph = new GraphWriter("words", 13, DataType.FLOAT, 1, "");
    graph.input("input_ids", DataType.INT64, "batch", "tokens");
    graph.named("words", "Gather", List.of(graph.weights(1, 9, 3), "input_ids"));
    return graph;
  }

  private static AttributeProto to(DataType type) {
    return Attributes.integer("to", type.getNumber());
  }

  private static void refused(byte[] model, String reason) {
    assertThatExceptionOfType(ModelRefusedException.class)
        .isThrownBy(() -> compile(model))
        .withMessage(reason);
  }
}
