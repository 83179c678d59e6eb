package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.onnxruntime.graft.onnx.TypeProto;
import io.innerspan.testing.models.GraphWriter;
import io.innerspan.testing.models.SmallModels;
import io.innerspan.testing.models.TransformerFixture;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefusedModelsTest {
  private static void assertRefused(byte[] model, String reason) {
    assertThatExceptionOfType(ModelRefusedException.class)
        .isThrownBy(() -> OnnxModel.scan(ByteBuffer.wrap(model)))
        .satisfies(refusal -> assertThat(refusal.reason()).contains(reason));
  }

  private static ModelProto.Builder fixture() {
    return TransformerFixture.postNorm().model().toBuilder();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hello, I am no model", "version https://example.org/spec\n", "{}"})
  void scan_text_isRefused(String text) {
    assertRefused(text.getBytes(StandardCharsets.UTF_8), "not an ONNX model");
  }

  @Test
  void scan_optimisedFormatOfRuntime_isRefused() {
    byte[] flatbuffer = new byte[64];
    System.arraycopy("ORTM".getBytes(StandardCharsets.US_ASCII), 0, flatbuffer, 4, 4);
    assertRefused(flatbuffer, "ONNX Runtime's own format");
  }

  @Test
  void scan_modelWithoutGraph_isRefused() {
    assertRefused(fixture().clearGraph().build().toByteArray(), "no graph");
  }

  @Test
  void scan_truncatedModel_saysWhatIsMissing() {
    byte[] model = fixture().build().toByteArray();
    assertRefused(Arrays.copyOf(model, model.length / 2), "bytes where");
  }

  @Test
  void scan_layersInSubgraph_isRefused() {
    assertRefused(SmallModels.named("encoder-inside-if").bytes(), "subgraphs");
  }

  @Test
  void scan_sequenceOutput_isRefused() {
    ModelProto.Builder model = fixture();
    model
        .getGraphBuilder()
        .getOutputBuilder(0)
        .setType(TypeProto.newBuilder().setSequenceType(TypeProto.OpaqueType.getDefaultInstance()));
    assertRefused(
        model.build().toByteArray(),
        "output last_hidden_state: expected a tensor, found a sequence");
  }

  @Test
  void scan_contextOfExecutionProvider_isRefused() {
    ModelProto.Builder model = fixture();
    model.getGraphBuilder().addNode(NodeProto.newBuilder().setOpType("EPContext"));
    assertRefused(model.build().toByteArray(), "EPContext");
  }

  @Test
  void scan_nodeWithoutOutputs_isRefusedWithItsPlace() {
    ModelProto.Builder model = fixture();
    int last = model.getGraph().getNodeCount();
    model.getGraphBuilder().addNode(NodeProto.newBuilder().setOpType("Softmax"));
    assertRefused(
        model.build().toByteArray(), "node " + last + " (Softmax): expected an output, found none");
  }

  @Test
  void scan_nameOfOursThatIsOnlyListedOrRead_isRefused() {
    String reason = "the name innerspan/reading is in the graph already";
    ModelProto.Builder listed = fixture();
    listed.getGraphBuilder().addOutputBuilder().setName("innerspan/reading");
    assertRefused(listed.build().toByteArray(), reason);
    ModelProto.Builder read = fixture();
    read.getGraphBuilder().getNodeBuilder(3).addInput("innerspan/reading");
    assertRefused(read.build().toByteArray(), reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"MatMul", "Gemm", "Add", "Conv", "Transpose", "Softmax"})
  void scan_nodesWithoutInputs_areNoFault(String operator) throws Exception {
    ModelProto.Builder model = fixture();
    for (NodeProto.Builder node : model.getGraphBuilder().getNodeBuilderList()) {
      if (node.getOpType().equals(operator)) {
        node.clearInput();
      }
    }
    assertThat(OnnxModel.scan(ByteBuffer.wrap(model.build().toByteArray())).inputs()).hasSize(2);
  }

  @Test
  void scan_tensorNamesThatAreNoHookPoints_areLeftAlone() throws Exception {
    for (String name : List.of("\n", "n".repeat(600), " ")) {
      GraphWriter graph = new GraphWriter("names", 13, DataType.FLOAT, 1, "");
      graph.input("x", DataType.FLOAT, "batch", "8");
      graph.named(
          name, "Relu", List.of(graph.node("MatMul", List.of("x", graph.weights(1, 8, 8)))));
      graph.named("y", "MatMul", List.of(name, graph.weights(1, 8, 8)));
      graph.output("y", DataType.FLOAT, "batch", "8");
      assertThat(OnnxModel.scan(ByteBuffer.wrap(graph.model().toByteArray())).candidates())
          .extracting(tap -> tap.tensor().name())
          .doesNotContain(name);
    }
  }

  @Test
  void scan_graftedModel_isRefused() throws Exception {
    byte[] model = fixture().build().toByteArray();
    Overlay overlay =
        OverlayCompiler.compile(
            OnnxModel.scan(ByteBuffer.wrap(model)),
            List.of(Signals.norm("norm", "blocks.0.hook_normalized_resid_post")),
            Set.of());
    assertRefused(Ort.concat(model, overlay.bytes()), "innerspan/");
  }

  @Test
  void scan_missingFile_isNotFound(@TempDir Path folder) {
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> OnnxModel.scan(folder.resolve("none.onnx")));
  }

  @Test
  void describe_refusedFile_holdsTheReason(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("model.onnx"), "hello");
    ModelDescription description = ModelDescription.of(file);
    assertThat(description.refused()).startsWith("not an ONNX model");
    assertThat(description.layers()).isZero();
    assertThat(description.structure()).isNull();
  }

  @Test
  void describe_transformer_isNotRefused(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("model.onnx");
    Files.write(file, TransformerFixture.postNorm().bytes());
    ModelDescription description = ModelDescription.of(file);
    assertThat(description.refused()).isNull();
    assertThat(description.layers()).isEqualTo(2);
    assertThat(description.maskInput()).isEqualTo("attention_mask");
    assertThat(description.hookPoints()).hasSize(17);
  }
}
