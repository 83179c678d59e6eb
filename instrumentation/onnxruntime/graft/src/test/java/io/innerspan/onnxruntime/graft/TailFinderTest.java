package io.innerspan.onnxruntime.graft;

import static io.innerspan.testing.models.Attributes.integer;
import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.onnxruntime.graft.onnx.ValueInfoProto;
import io.innerspan.testing.models.GraphWriter;
import io.innerspan.testing.models.TransformerFixture;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TailFinderTest {
  private static final int VOCABULARY = 23;

  private final GraphWriter head = new GraphWriter("head", 17, DataType.FLOAT, 3, "head/");

  private byte[] with(TransformerFixture fixture) {
    ModelProto.Builder model = fixture.model().toBuilder();
    GraphProto graph = head.graph();
    model
        .getGraphBuilder()
        .addAllNode(graph.getNodeList())
        .addAllInitializer(graph.getInitializerList())
        .addAllOutput(graph.getOutputList());
    return model.build().toByteArray();
  }

  private String product(String in, int width) {
    return head.node("MatMul", List.of(in, head.weights(0.5, TransformerFixture.WIDTH, width)));
  }

  private void output(String name, String... dims) {
    head.output(name, DataType.FLOAT, dims);
  }

  private static Tail tail(byte[] model) throws ModelRefusedException {
    OnnxModel scanned = OnnxModelTest.scan(model);
    assertThat(scanned.tailRefusal()).isNull();
    return Objects.requireNonNull(scanned.tail());
  }

  private static String refusal(byte[] model) throws ModelRefusedException {
    OnnxModel scanned = OnnxModelTest.scan(model);
    assertThat(scanned.tail()).isNull();
    return String.valueOf(scanned.tailRefusal());
  }

  private static List<String> operators(Tail tail) {
    return tail.nodes().stream().map(NodeProto::getOpType).toList();
  }

  /** A copy of the tail for one tensor: its logits become an output. */
  private static byte[] copied(byte[] model, Tail tail, String tensor) {
    GraphProto.Builder graph = GraphProto.newBuilder();
    graph.addAllNode(tail.copy(tensor, "copy/"));
    graph.addOutput(ValueInfoProto.newBuilder().setName("copy/" + tail.logits().name()));
    return Ort.concat(model, ModelProto.newBuilder().setGraph(graph).build().toByteArray());
  }

  @Test
  void find_unembedding_isNormAndProduct() throws Exception {
    head.named("logits", "Identity", List.of(product("last_hidden_state", VOCABULARY)));
    output("logits", "batch", "tokens", "23");
    byte[] model = with(TransformerFixture.preNorm());
    Tail tail = tail(model);
    assertThat(operators(tail)).containsExactly("LayerNormalization", "Identity", "MatMul");
    assertThat(tail.scope()).isEqualTo(Tail.Scope.TOKENS);
    assertThat(tail.classes()).isEqualTo(VOCABULARY);
    assertThat(tail.output()).isEqualTo("logits");
    assertThat(tail.start())
        .isEqualTo(
            OnnxModelTest.resolve(OnnxModelTest.scan(model), "blocks.1.hook_resid_post")
                .tensor()
                .name());
  }

  @Test
  void copy_ofTheLastLayer_givesTheLogitsBitByBit() throws Exception {
    String bias = head.weights(1, VOCABULARY);
    head.named("logits", "Add", List.of(product("last_hidden_state", VOCABULARY), bias));
    output("logits", "batch", "tokens", "23");
    byte[] model = with(TransformerFixture.preNorm());
    Tail tail = tail(model);
    Batch batch = Batch.random(2, 7, Batch.Padding.RIGHT, 3);
    Ort.Outputs last = Ort.run(copied(model, tail, tail.start()), batch.feeds(DataType.INT64));
    assertThat(last.get("logits").differentBits(last.get("copy/logits"))).isZero();
    String first = OnnxModelTest.scan(model).layers().get(0).sum();
    Ort.Outputs other =
        Ort.run(copied(model, tail, Objects.requireNonNull(first)), batch.feeds(DataType.INT64));
    assertThat(other.get("logits").differentBits(last.get("logits"))).isZero();
    assertThat(other.get("copy/logits").differentBits(last.get("logits"))).isPositive();
  }

  @Test
  void find_probabilitiesOfFirstToken_endsBeforeTheSoftmax() throws Exception {
    String first =
        head.named(
            "first", "Gather", List.of("last_hidden_state", head.longs(0)), integer("axis", 1));
    String squeezed = head.node("Squeeze", List.of(first, head.longs(1)));
    String pooled = head.node("Tanh", List.of(product(squeezed, TransformerFixture.WIDTH)));
    String logits = head.named("logits", "Identity", List.of(product(pooled, 3)));
    head.named("probabilities", "Softmax", List.of(logits), integer("axis", -1));
    output("probabilities", "batch", "3");
    byte[] model = with(TransformerFixture.postNorm());
    Tail tail = tail(model);
    assertThat(tail.scope()).isEqualTo(Tail.Scope.ROWS);
    assertThat(tail.classes()).isEqualTo(3);
    assertThat(tail.output()).isEqualTo("probabilities");
    assertThat(operators(tail)).endsWith("MatMul", "Tanh", "MatMul");
    Batch batch = Batch.random(2, 5, Batch.Padding.RIGHT, 3);
    Ort.Outputs copy =
        Ort.run(
            copied(
                model,
                tail,
                String.valueOf(OnnxModelTest.scan(model).layers().get(0).normalized())),
            batch.feeds(DataType.INT64));
    assertThat(copy.get("copy/" + tail.logits().name()).shape()).containsExactly(2, 3);
  }

  @Test
  void find_lastTokenOnly_hasLogitsOfSomeTokens() throws Exception {
    String last =
        head.node(
            "Slice",
            List.of(
                "last_hidden_state", head.longs(-1), head.longs(Long.MAX_VALUE), head.longs(1)));
    head.named("logits", "Identity", List.of(product(last, VOCABULARY)));
    output("logits", "batch", "1", "23");
    assertThat(tail(with(TransformerFixture.preNorm())).scope()).isEqualTo(Tail.Scope.SOME_TOKENS);
  }

  @Test
  void find_maskedMean_readsTheMaskOfTheModel() throws Exception {
    String real = head.node("Cast", List.of("attention_mask"), integer("to", 1));
    String weights = head.node("Unsqueeze", List.of(real, head.longs(2)));
    String weighted = head.node("Mul", List.of("last_hidden_state", weights));
    String mean = head.node("ReduceSum", List.of(weighted, head.longs(1)), integer("keepdims", 0));
    head.named("logits", "Identity", List.of(product(mean, 4)));
    output("logits", "batch", "4");
    Tail tail = tail(with(TransformerFixture.postNorm()));
    assertThat(tail.scope()).isEqualTo(Tail.Scope.ROWS);
    assertThat(operators(tail)).doesNotContain("Cast", "Unsqueeze");
  }

  @Test
  void find_encoderOfSentences_hasNoLogits() throws Exception {
    head.named("pooled", "Tanh", List.of(product("last_hidden_state", TransformerFixture.WIDTH)));
    output("pooled", "batch", "tokens", "16");
    assertThat(refusal(with(TransformerFixture.postNorm()))).contains("no output is a product");
  }

  @Test
  void find_twoHeads_saysWhich() throws Exception {
    for (String name : List.of("starts", "ends")) {
      head.named(name, "Identity", List.of(product("last_hidden_state", 2)));
      output(name, "batch", "tokens", "2");
    }
    assertThat(refusal(with(TransformerFixture.postNorm()))).contains("starts, ends");
  }

  @Test
  void find_headOverAllLayers_saysWhatElseItReads() throws Exception {
    TransformerFixture fixture = TransformerFixture.postNorm();
    Layer first = OnnxModelTest.scan(fixture.bytes()).layers().get(0);
    String both =
        head.node("Mul", List.of("last_hidden_state", Objects.requireNonNull(first.normalized())));
    head.named("logits", "Identity", List.of(product(both, VOCABULARY)));
    output("logits", "batch", "tokens", "23");
    assertThat(refusal(with(fixture)))
        .contains("reads more of the layers")
        .endsWith(String.valueOf(first.normalized()));
  }

  @Test
  void find_noLayers_saysSo() throws Exception {
    GraphWriter graph = new GraphWriter("g", 17, DataType.FLOAT, 1, "");
    graph.input("x", DataType.FLOAT, "batch", "8");
    graph.named("y", "MatMul", List.of("x", graph.weights(1, 8, 2)));
    graph.output("y", DataType.FLOAT, "batch", "2");
    assertThat(refusal(graph.model().toByteArray())).contains("no transformer layers");
  }
}
