package io.innerspan.testing.models;

import com.google.protobuf.ByteString;
import io.innerspan.onnxruntime.graft.onnx.AttributeProto;
import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.onnxruntime.graft.onnx.OperatorSetIdProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.onnxruntime.graft.onnx.TensorShapeProto;
import io.innerspan.onnxruntime.graft.onnx.TypeProto;
import io.innerspan.onnxruntime.graft.onnx.ValueInfoProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Writes a graph node by node; weights come from one seeded generator. */
public final class GraphWriter {
  /** The domain of the operators that ONNX Runtime adds to the standard ones. */
  public static final String MICROSOFT = "com.microsoft";

  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private final List<ModelInput> inputs = new ArrayList<>();
  private final Map<String, String> hooks = new LinkedHashMap<>();
  private final long opset;
  private final DataType type;
  private final Random random;
  private final String prefix;
  private final Naming naming;
  private @Nullable WeightSink sink;
  private int next;

  /**
   * @param opset the version of the standard operator set
   * @param type the type of weights: FLOAT or FLOAT16, or BFLOAT16 to store them so and compute in
   *     FLOAT
   * @param prefix what names of nodes and tensors begin with
   */
  public GraphWriter(String name, long opset, DataType type, long seed, String prefix) {
    this(name, opset, type, seed, prefix, Naming.OPERATORS);
  }

  public GraphWriter(
      String name, long opset, DataType type, long seed, String prefix, Naming naming) {
    graph.setName(name);
    this.opset = opset;
    this.type = type;
    this.random = new Random(seed);
    this.prefix = prefix;
    this.naming = naming;
  }

  /** Large weights go to a sink from now on instead of into memory. */
  void writeTo(WeightSink sink) {
    this.sink = sink;
  }

  public long opset() {
    return opset;
  }

  /** The type of activations. */
  public DataType type() {
    return type == DataType.BFLOAT16 ? DataType.FLOAT : type;
  }

  /** Adds a node with an output of an invented name, and returns that. */
  public String node(String operator, List<String> inputs, AttributeProto... attributes) {
    int number = next++;
    add(
        prefix + naming.node(operator, number),
        "",
        operator,
        inputs,
        List.of(prefix + naming.tensor(operator, number)),
        attributes);
    return prefix + naming.tensor(operator, number);
  }

  /** Adds a node with an output of the given name, and returns that. */
  public String named(
      String output, String operator, List<String> inputs, AttributeProto... attributes) {
    add(output, "", operator, inputs, List.of(output), attributes);
    return output;
  }

  /** Adds a node of any domain with several outputs; an empty name leaves an output out. */
  public void add(
      String name,
      String domain,
      String operator,
      List<String> inputs,
      List<String> outputs,
      AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setName(name)
            .setDomain(domain)
            .setOpType(operator)
            .addAllInput(inputs)
            .addAllOutput(outputs)
            .addAllAttribute(List.of(attributes)));
  }

  /** Adds a node of ONNX Runtime's own operators, and returns its output. */
  public String fused(String operator, List<String> inputs, AttributeProto... attributes) {
    String output = fresh(operator);
    add(output, MICROSOFT, operator, inputs, List.of(output), attributes);
    return output;
  }

  /** A name that no other tensor has. */
  public String fresh(String operator) {
    return prefix + naming.tensor(operator, next++);
  }

  /** Adds normally distributed weights. */
  public String weights(double deviation, long... dims) {
    return weights(0, deviation, dims);
  }

  /** Adds normally distributed weights around a mean. */
  public String weights(double mean, double deviation, long... dims) {
    if (sink != null && dims.length > 1) {
      TensorProto.Builder tensor = tensor(prefix + naming.weight(next++), DataType.FLOAT, dims);
      if (sink.take(tensor, (float) deviation)) {
        graph.addInitializer(tensor);
      }
      return tensor.getName();
    }
    return floats(randoms(mean, deviation, dims), dims);
  }

  /** The next normally distributed numbers, as many as a tensor of the dimensions holds. */
  float[] randoms(double mean, double deviation, long... dims) {
    float[] values = new float[Math.toIntExact(Arrays.stream(dims).reduce(1, Math::multiplyExact))];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (mean + deviation * random.nextGaussian());
    }
    return values;
  }

  /** Adds a scalar of the weights' type. */
  public String scalar(float value) {
    return floats(new float[] {value});
  }

  /** Adds an initializer of the weights' type. */
  public String floats(float[] values, long... dims) {
    String name = initializer(type, Elements.of(type, values), dims);
    return type == type()
        ? name
        : node("Cast", List.of(name), Attributes.integer("to", type().getNumber()));
  }

  /** Adds an initializer of 8-bit integers. */
  public String bytes(DataType type, byte[] values, long... dims) {
    return initializer(type, ByteBuffer.wrap(values), dims);
  }

  /** Adds an initializer of 64-bit integers in one dimension. */
  public String longs(long... values) {
    ByteBuffer raw = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    raw.asLongBuffer().put(values);
    return initializer(DataType.INT64, raw, values.length);
  }

  /** Adds a scalar 64-bit integer. */
  public String longScalar(long value) {
    ByteBuffer raw = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    return initializer(DataType.INT64, raw.putLong(0, value));
  }

  private String initializer(DataType type, ByteBuffer raw, long... dims) {
    String name = prefix + naming.weight(next++);
    graph.addInitializer(tensor(name, type, dims).setRawData(ByteString.copyFrom(raw)));
    return name;
  }

  private static TensorProto.Builder tensor(String name, DataType type, long... dims) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(type.getNumber());
    for (long dim : dims) {
      tensor.addDims(dim);
    }
    return tensor;
  }

  /** Declares an input; numbers are fixed dimensions, other texts symbols. */
  public String input(String name, DataType type, String... dims) {
    graph.addInput(value(name, type, dims));
    return name;
  }

  /** Declares an input that examples can be made for. */
  String input(ModelInput input) {
    inputs.add(input);
    return input(input.name(), input.type(), input.dims().toArray(new String[0]));
  }

  /** Declares an output. */
  public void output(String name, DataType type, String... dims) {
    graph.addOutput(value(name, type, dims));
  }

  private static ValueInfoProto value(String name, DataType type, String... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (String dim : dims) {
      TensorShapeProto.Dimension.Builder one = shape.addDimBuilder();
      if (dim.chars().allMatch(Character::isDigit)) {
        one.setDimValue(Long.parseLong(dim));
      } else {
        one.setDimParam(dim);
      }
    }
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape).build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  /** Notes which tensor is at a place, and returns the tensor. */
  String hook(String place, String tensor) {
    hooks.put(place, tensor);
    return tensor;
  }

  public GraphProto graph() {
    return graph.build();
  }

  /** The model with this graph. */
  public ModelProto model() {
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(opset < 15 ? 6 : opset < 21 ? 8 : 10)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(opset))
            .setGraph(graph);
    TreeSet<String> domains = new TreeSet<>();
    graph.getNodeList().forEach(node -> domains.add(node.getDomain()));
    domains.remove("");
    for (String domain : domains) {
      model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(1));
    }
    return model.build();
  }

  /** The model with what is known of it. */
  SmallModel model(String name, Traits traits) {
    return new SmallModel(name, traits, model(), Map.of(), hooks, inputs);
  }
}
