package io.innerspan.onnxruntime.graft;

import com.google.protobuf.ByteString;
import io.innerspan.onnxruntime.graft.onnx.AttributeProto;
import io.innerspan.onnxruntime.graft.onnx.AttributeProto.AttributeType;
import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto;
import io.innerspan.onnxruntime.graft.onnx.TensorShapeProto;
import io.innerspan.onnxruntime.graft.onnx.TypeProto;
import io.innerspan.onnxruntime.graft.onnx.ValueInfoProto;
import io.innerspan.signals.Floats;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Collects the nodes, initializers and outputs to be appended to a model, in the dialect of the
 * model's operator set.
 *
 * <p>Nodes are appended after the model's own, so that every tensor they read exists already.
 */
final class OverlayGraph {
  /** From here on the axes of a ReduceSum, Squeeze and Unsqueeze are an input. */
  private static final int AXES_INPUT = 13;

  /** From here on the axes of all other reductions are an input too. */
  private static final int REDUCE_AXES_INPUT = 18;

  /** From here on what a Pad adds is an input. */
  private static final int PADS_INPUT = 11;

  /** Before it, an initializer is one only if it is an input too. */
  private static final int FREE_INITIALIZERS = 4;

  private final GraphProto.Builder graph;
  private final long opset;
  private final long irVersion;
  private final boolean sizedByData;
  private final AtomicInteger next;

  /** Where constants go: a branch uses those of the whole graph. */
  private final GraphProto.Builder constants;

  private final Map<List<Object>, String> weights;

  /**
   * @param sizedByData whether what is read may have no rows although the model's inputs have some
   */
  OverlayGraph(OnnxModel model, boolean sizedByData) {
    this.graph = GraphProto.newBuilder();
    this.opset = model.opset();
    this.irVersion = model.irVersion();
    this.sizedByData = sizedByData;
    this.next = new AtomicInteger();
    this.constants = graph;
    this.weights = new HashMap<>();
  }

  private OverlayGraph(OverlayGraph whole, GraphProto.Builder graph) {
    this.graph = graph;
    this.opset = whole.opset;
    this.irVersion = whole.irVersion;
    this.sizedByData = whole.sizedByData;
    this.next = whole.next;
    this.constants = whole.constants;
    this.weights = whole.weights;
  }

  /** Begins a branch for {@link #either}; its nodes may read all that this graph has. */
  OverlayGraph branch() {
    return new OverlayGraph(this, GraphProto.newBuilder());
  }

  /**
   * Adds the choice between two branches and returns its output's name.
   *
   * @param condition a bool tensor of one element
   * @param then the output of {@code ifSo}
   * @param otherwise the output of {@code ifNot}
   */
  String either(
      String condition, OverlayGraph ifSo, String then, OverlayGraph ifNot, String otherwise) {
    return node("If", List.of(condition), choice(ifSo, then, ifNot, otherwise));
  }

  /** Adds the choice between two branches, whose output has the given name. */
  void either(
      String output,
      String condition,
      OverlayGraph ifSo,
      String then,
      OverlayGraph ifNot,
      String otherwise) {
    node(output, "If", List.of(condition), choice(ifSo, then, ifNot, otherwise));
  }

  private AttributeProto[] choice(
      OverlayGraph ifSo, String then, OverlayGraph ifNot, String otherwise) {
    return new AttributeProto[] {
      subgraph("then_branch", ifSo, then), subgraph("else_branch", ifNot, otherwise)
    };
  }

  private AttributeProto subgraph(String name, OverlayGraph branch, String output) {
    branch.output(output);
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.GRAPH)
        .setG(branch.graph.setName(ModelReader.PREFIX + name + "_" + next.getAndIncrement()))
        .build();
  }

  /** Adds an input, which must be fed. */
  void input(String name, ElementType type, long... dims) {
    graph.addInput(value(name, type, dims));
  }

  private static ValueInfoProto value(String name, ElementType type, long... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long dim : dims) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dim));
    }
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder().setElemType(type.number()).setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  long opset() {
    return opset;
  }

  /** Whether what is read may have no rows although the model's inputs have some. */
  boolean sizedByData() {
    return sizedByData;
  }

  /** Adds a node of one output and returns the output's name. */
  String node(String operator, List<String> inputs, AttributeProto... attributes) {
    String output = ModelReader.PREFIX + operator + "_" + next.getAndIncrement();
    node(output, operator, inputs, attributes);
    return output;
  }

  /** Adds a node whose output has the given name. */
  void node(String output, String operator, List<String> inputs, AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setName(output)
            .setOpType(operator)
            .addAllInput(inputs)
            .addOutput(output)
            .addAllAttribute(List.of(attributes)));
  }

  /** Adds a node of two outputs and returns the first one's name. */
  String firstOfTwo(String operator, List<String> inputs, AttributeProto... attributes) {
    String output = node(operator, inputs, attributes);
    graph.getNodeBuilder(graph.getNodeCount() - 1).addOutput(second(output));
    return output;
  }

  /** The name of the second output of a node, by the first one's. */
  static String second(String output) {
    return output + "_other";
  }

  /** Adds a model's tail once more, for another activation, and returns its logits. */
  String copy(Tail tail, String activation) {
    String prefix = ModelReader.PREFIX + "tail_" + next.getAndIncrement() + "/";
    graph.addAllNode(tail.copy(activation, prefix));
    return prefix + tail.logits().name();
  }

  String cast(String tensor, ElementType type) {
    return node("Cast", List.of(tensor), integer("to", type.number()));
  }

  String unsqueeze(String tensor, long axis) {
    return withAxis("Unsqueeze", tensor, axis, opset >= AXES_INPUT);
  }

  String squeeze(String tensor, long axis) {
    return withAxis("Squeeze", tensor, axis, opset >= AXES_INPUT);
  }

  /** Reduces one axis; what remains of it is a dimension of 1, or nothing. */
  String reduce(String operator, String tensor, long axis, boolean keepDimension) {
    boolean input = opset >= (operator.equals("ReduceSum") ? AXES_INPUT : REDUCE_AXES_INPUT);
    return withAxis(operator, tensor, axis, input, integer("keepdims", keepDimension ? 1 : 0));
  }

  private String withAxis(
      String operator, String tensor, long axis, boolean asInput, AttributeProto... others) {
    if (asInput) {
      return node(operator, List.of(tensor, longs(new long[] {axis}, 1)), others);
    }
    AttributeProto[] attributes = new AttributeProto[others.length + 1];
    System.arraycopy(others, 0, attributes, 1, others.length);
    attributes[0] =
        AttributeProto.newBuilder()
            .setName("axes")
            .setType(AttributeType.INTS)
            .addInts(axis)
            .build();
    return node(operator, List.of(tensor), attributes);
  }

  /** {@code [batch, tokens, n]} as {@code [batch, n, tokens]}. */
  String tokensLast(String perToken) {
    return node("Transpose", List.of(perToken), integers("perm", 0, 2, 1));
  }

  /** The smaller of two integers: Min takes none in the oldest operator sets. */
  String smaller(String one, String other) {
    return node("Where", List.of(node("Less", List.of(one, other)), one, other));
  }

  /**
   * Adds a value before and behind a tensor.
   *
   * @param pads how many for each axis before it, then behind it
   */
  String pad(String tensor, long[] pads, float value) {
    if (opset >= PADS_INPUT) {
      return node("Pad", List.of(tensor, longs(pads, pads.length), constant(value)));
    }
    return node("Pad", List.of(tensor), integers("pads", pads), oneNumber("value", value));
  }

  /** Joins tensors along an axis; a single one is left as it is. */
  String concat(List<String> tensors, long axis) {
    return tensors.size() == 1 ? tensors.get(0) : node("Concat", tensors, integer("axis", axis));
  }

  /** A constant of one value. */
  String constant(float value) {
    return floats(new float[] {value}, 1);
  }

  /** Adds an initializer of floats, row-major. */
  String floats(float[] values, long... dims) {
    ByteBuffer raw = littleEndian(values.length * Float.BYTES);
    raw.asFloatBuffer().put(values);
    return initializer(ElementType.FLOAT, raw, dims);
  }

  /** The initializer of weights, row-major; one for all that have the same. */
  String weights(Floats values, long... dims) {
    List<Object> key = List.of(values, Arrays.stream(dims).boxed().toList());
    return weights.computeIfAbsent(key, any -> floats(values.toArray(), dims));
  }

  /** Adds an initializer of doubles, row-major. */
  String doubles(double[] values, long... dims) {
    ByteBuffer raw = littleEndian(values.length * Double.BYTES);
    raw.asDoubleBuffer().put(values);
    return initializer(ElementType.DOUBLE, raw, dims);
  }

  /** Adds an initializer of 64-bit integers; without dimensions a scalar. */
  String longs(long[] values, long... dims) {
    ByteBuffer raw = littleEndian(values.length * Long.BYTES);
    raw.asLongBuffer().put(values);
    return initializer(ElementType.INT64, raw, dims);
  }

  private String initializer(ElementType type, ByteBuffer raw, long... dims) {
    TensorProto.Builder tensor = tensor(type, raw, dims);
    String name = ModelReader.PREFIX + "constant_" + next.getAndIncrement();
    constants.addInitializer(tensor.setName(name));
    if (irVersion < FREE_INITIALIZERS) {
      constants.addInput(value(name, type, dims));
    }
    return name;
  }

  private static TensorProto.Builder tensor(ElementType type, ByteBuffer raw, long... dims) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setDataType(type.number()).setRawData(ByteString.copyFrom(raw));
    for (long dim : dims) {
      tensor.addDims(dim);
    }
    return tensor;
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  static AttributeProto integers(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  private static AttributeProto oneNumber(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  /** An attribute that is a tensor of one float. */
  static AttributeProto oneFloat(String name, float value) {
    ByteBuffer raw = littleEndian(Float.BYTES).putFloat(0, value);
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.TENSOR)
        .setT(tensor(ElementType.FLOAT, raw, 1))
        .build();
  }

  /** Makes a tensor an output; ONNX Runtime infers its type. */
  void output(String tensor) {
    graph.addOutput(ValueInfoProto.newBuilder().setName(tensor));
  }

  /** The overlay: a ModelProto that holds nothing but additions to the graph. */
  byte[] bytes() {
    Sinking.sink(graph, irVersion >= FREE_INITIALIZERS);
    return ModelProto.newBuilder().setGraph(graph).build().toByteArray();
  }
}
