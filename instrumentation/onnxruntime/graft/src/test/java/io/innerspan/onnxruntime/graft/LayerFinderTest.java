package io.innerspan.onnxruntime.graft;

import static io.innerspan.testing.models.Attributes.integer;
import static io.innerspan.testing.models.Attributes.integers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.innerspan.onnxruntime.graft.onnx.AttributeProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.testing.models.GraphWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrangements of layers beside the plain encoder's. */
class LayerFinderTest {
  private final GraphWriter graph = new GraphWriter("g", 17, DataType.FLOAT, 1, "");

  private List<Stack> stacks() throws ModelRefusedException {
    GraphIndex index = new GraphIndex(graph.graph());
    Tensors tensors = new Tensors(graph.graph(), index);
    return new LayerFinder(index, new NormMatcher(index, tensors)).find();
  }

  private List<Layer> find() throws ModelRefusedException {
    List<Stack> stacks = stacks();
    assertThat(stacks.size()).isLessThan(2);
    return stacks.isEmpty() ? List.of() : stacks.get(0).layers();
  }

  private String node(String operator, String... inputs) {
    return graph.node(operator, List.of(inputs));
  }

  private String node(String operator, AttributeProto attribute, String... inputs) {
    return graph.node(operator, List.of(inputs), attribute);
  }

  private String linear(String in) {
    return node("Add", graph.weights(1, 8), node("MatMul", in, graph.weights(1, 8, 8)));
  }

  private String norm(String in) {
    return node("LayerNormalization", in, graph.weights(1, 8));
  }

  private String attention(String queries, String memory) {
    String keys = node("Transpose", integers("perm", 0, 2, 1), linear(memory));
    String scores = node("MatMul", linear(queries), keys);
    String masked = node("Add", scores, "mask");
    String pattern = node("Softmax", integer("axis", -1), masked);
    return linear(node("MatMul", pattern, linear(memory)));
  }

  private String input(String name) {
    return graph.input(name, DataType.FLOAT, "batch", "tokens", "8");
  }

  @Test
  void find_crossAttention_joinsTheLayerOfSelfAttention() throws Exception {
    String stream = input("x");
    input("memory");
    graph.input("mask", DataType.FLOAT, "batch", "tokens", "tokens");
    for (int layer = 0; layer < 3; layer++) {
      stream = node("Add", stream, attention(norm(stream), norm(stream)));
      stream = node("Add", stream, attention(norm(stream), "memory"));
      stream = node("Add", stream, linear(node("Relu", linear(norm(stream)))));
    }
    List<Layer> layers = find();
    assertThat(layers).hasSize(3);
    assertThat(layers).allMatch(layer -> layer.patterns().size() == 1);
    assertThat(layers).allMatch(layer -> layer.crossPatterns().size() == 1);
    assertThat(layers).allMatch(layer -> layer.crossOut() != null);
    assertThat(layers.get(2).sum()).isEqualTo(stream);
    assertThat(layers.get(0).input()).isEqualTo("x");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void find_parallelBranches_isOneLayerEach(boolean together) throws Exception {
    List<String> attentions = new ArrayList<>();
    List<String> branches = new ArrayList<>();
    String stream = input("x");
    graph.input("mask", DataType.FLOAT, "batch", "tokens", "tokens");
    for (int layer = 0; layer < 4; layer++) {
      String in = norm(stream);
      attentions.add(attention(in, in));
      branches.add(linear(node("Relu", linear(in))));
      stream =
          together
              ? node("Add", node("Add", attentions.get(layer), branches.get(layer)), stream)
              : node("Add", branches.get(layer), node("Add", attentions.get(layer), stream));
    }
    List<Layer> layers = find();
    assertThat(layers).hasSize(4);
    assertThat(layers.get(3).sum()).isEqualTo(stream);
    assertThat(layers).extracting(Layer::mlpOut).containsExactlyElementsOf(branches);
    assertThat(layers).extracting(Layer::attentionOut).containsExactlyElementsOf(attentions);
    assertThat(layers).allMatch(layer -> layer.attentionSum() == null);
    assertThat(layers).allMatch(layer -> layer.patterns().size() == 1);
  }

  @Test
  void find_residualsWithoutAttention_isNoTransformer() throws Exception {
    String stream = input("x");
    for (int block = 0; block < 3; block++) {
      stream = node("Add", stream, linear(node("Relu", linear(stream))));
    }
    assertThat(find()).isEmpty();
  }

  @Test
  void find_classifierWithSoftmax_isNoTransformer() throws Exception {
    String stream = linear(input("x"));
    String gate = node("Softmax", integer("axis", -1), stream);
    graph.output(gate, DataType.FLOAT, "batch", "tokens", "8");
    assertThat(find()).isEmpty();
  }

  @Test
  void find_renamedStream_isFollowed() throws Exception {
    String stream = input("x");
    graph.input("mask", DataType.FLOAT, "batch", "tokens", "tokens");
    for (int layer = 0; layer < 2; layer++) {
      String in = norm(stream);
      String sum = node("Add", node("Identity", stream), node("Dropout", attention(in, in)));
      stream = node("Add", sum, linear(norm(node("Identity", sum))));
    }
    assertThat(find()).hasSize(2);
  }

  @Test
  void find_tooManyAdditions_isRefusedInTime() {
    String stream = input("x");
    graph.input("mask", DataType.FLOAT, "batch", "tokens", "tokens");
    String other = attention(stream, stream);
    for (int i = 0; i < 20_000; i++) {
      stream = node("Add", stream, other);
    }
    assertThatExceptionOfType(ModelRefusedException.class)
        .isThrownBy(this::find)
        .withMessageContaining("too large");
  }

  @Test
  void find_encoderAndDecoder_areTwoStacks() throws Exception {
    graph.input("mask", DataType.FLOAT, "batch", "tokens", "tokens");
    String memory = input("source");
    for (int layer = 0; layer < 2; layer++) {
      memory = node("Add", memory, attention(norm(memory), norm(memory)));
      memory = node("Add", memory, linear(node("Relu", linear(norm(memory)))));
    }
    String encoded = norm(memory);
    String stream = input("target");
    for (int layer = 0; layer < 2; layer++) {
      stream = node("Add", stream, attention(norm(stream), norm(stream)));
      stream = node("Add", stream, attention(norm(stream), encoded));
      stream = node("Add", stream, linear(node("Relu", linear(norm(stream)))));
    }
    String last = norm(stream);
    List<Stack> stacks = stacks();
    assertThat(stacks).extracting(Stack::finalNorm).containsExactly(encoded, last);
    assertThat(stacks.stream().flatMap(stack -> stack.layers().stream()).map(Layer::block))
        .containsExactly("encoder.0", "encoder.1", "decoder.0", "decoder.1");
  }

  @Test
  void find_twoTowers_areNumbered() throws Exception {
    graph.input("mask", DataType.FLOAT, "batch", "tokens", "tokens");
    for (String name : List.of("text", "image")) {
      String stream = input(name);
      stream = node("Add", stream, attention(norm(stream), norm(stream)));
      node("Add", stream, linear(node("Relu", linear(norm(stream)))));
    }
    assertThat(stacks().stream().map(stack -> stack.first().block()))
        .containsExactly("stacks.0.blocks.0", "stacks.1.blocks.0");
  }

  @Test
  void find_sumsInsideFusedNormalisations_areFollowed() throws Exception {
    String stream = input("x");
    graph.input("mask", DataType.FLOAT, "batch", "tokens", "tokens");
    String in = node("SimplifiedLayerNormalization", stream, graph.weights(1, 8));
    for (int half = 0; half < 4; half++) {
      String branch = half % 2 == 0 ? attention(in, in) : linear(node("Relu", linear(in)));
      in = "normalized" + half;
      graph.add(
          in,
          GraphWriter.MICROSOFT,
          "SkipSimplifiedLayerNormalization",
          List.of(stream, branch, graph.weights(1, 8)),
          half == 3 ? List.of(in) : List.of(in, "", "", "sum" + half));
      stream = "sum" + half;
    }
    Stack stack = stacks().get(0);
    assertThat(stack.layers()).extracting(Layer::attentionSum).containsExactly("sum0", "sum2");
    assertThat(stack.first().sum()).isEqualTo("sum1");
    assertThat(stack.last().sum()).as("kept by the fused operator").isNull();
    assertThat(stack.finalNorm()).isEqualTo("normalized3");
  }
}
