package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.AttributeProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Infers the shape of a node's output from those of its inputs, as far as the operators between a
 * transformer's activations go; anything else is unknown.
 */
final class Shapes {
  private static final Set<String> SHAPE_PRESERVING =
      Set.of(
          "Abs",
          "Attention",
          "BatchNormalization",
          "BiasGelu",
          "Cast",
          "CastLike",
          "Celu",
          "Clip",
          "CumSum",
          "DequantizeLinear",
          "Dropout",
          "DynamicQuantizeLinear",
          "Elu",
          "Erf",
          "Exp",
          "FastGelu",
          "Gelu",
          "GroupNormalization",
          "HardSigmoid",
          "HardSwish",
          "Identity",
          "InstanceNormalization",
          "IsNaN",
          "LRN",
          "LayerNormalization",
          "LeakyRelu",
          "Log",
          "LogSoftmax",
          "Mish",
          "MultiHeadAttention",
          "Neg",
          "Not",
          "QuantizeLinear",
          "QuickGelu",
          "RMSNormalization",
          "Reciprocal",
          "Relu",
          "RotaryEmbedding",
          "Selu",
          "Sigmoid",
          "SimplifiedLayerNormalization",
          "SkipLayerNormalization",
          "SkipSimplifiedLayerNormalization",
          "Softmax",
          "Softplus",
          "Sqrt",
          "Tanh");

  private final Function<String, @Nullable List<Dimension>> known;
  private final AxisShapes axes;
  private final ReshapeShapes reshapes;

  /**
   * @param known the shapes inferred so far, by tensor name; null where unknown
   */
  Shapes(GraphIndex graph, Function<String, @Nullable List<Dimension>> known) {
    this.known = known;
    axes = new AxisShapes(graph, known);
    reshapes = new ReshapeShapes(graph, known);
  }

  /** The shape of a node's output, or null. */
  @Nullable List<Dimension> infer(NodeProto node, int output) {
    return switch (node.getOpType()) {
      case "Add",
          "Sub",
          "Mul",
          "Div",
          "Pow",
          "Sum",
          "Max",
          "Min",
          "Where",
          "PRelu",
          "Equal",
          "Greater",
          "GreaterOrEqual",
          "Less",
          "LessOrEqual",
          "And",
          "Or" ->
          elementwise(node);
      case "MatMul", "MatMulInteger", "DynamicQuantizeMatMul", "MatMulIntegerToFloat" ->
          product(input(node, 0), input(node, 1));
      case "QLinearMatMul" -> product(input(node, 0), input(node, 3));
      case "MatMulNBits" -> widened(input(node, 0), Integers.attribute(node, "N", -1));
      case "Gemm" -> gemm(node);
      case "Gather" -> axes.gather(node);
      case "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL2" -> axes.reduce(node);
      case "Transpose" -> axes.transpose(node);
      case "Concat" -> axes.concat(node);
      case "Slice", "Split" -> axes.cut(node);
      case "Expand" -> reshapes.expand(node);
      case "Unsqueeze" -> axes.unsqueeze(node);
      case "Squeeze" -> axes.squeeze(node);
      case "Reshape" -> reshapes.reshape(node);
      case "Shape" -> shape(input(node, 0));
      case "Flatten" -> List.of(Dimension.UNKNOWN, Dimension.UNKNOWN);
      case "Constant" -> constant(node);
      case "EmbedLayerNormalization" -> embedding(node, output);
      case "Conv", "ConvInteger", "QLinearConv", "ConvTranspose" -> convolved(node);
      case "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "LpPool", "MaxPool" ->
          resized(input(node, 0));
      case "Pad", "Resize", "Upsample" -> unsized(input(node, 0));
      case "GroupQueryAttention" -> grouped(node, output);
      default -> preserved(node, output);
    };
  }

  private static List<Dimension> shape(@Nullable List<Dimension> of) {
    return List.of(of == null ? Dimension.UNKNOWN : Dimension.fixed(of.size()));
  }

  private @Nullable List<Dimension> preserved(NodeProto node, int output) {
    String operator = node.getOpType();
    boolean same = output == 0 || StandardOps.SKIP_NORMALIZATION.contains(operator);
    return same && SHAPE_PRESERVING.contains(operator) ? input(node, 0) : null;
  }

  private @Nullable List<Dimension> input(NodeProto node, int i) {
    return i < node.getInputCount() ? known.apply(node.getInput(i)) : null;
  }

  private @Nullable List<Dimension> elementwise(NodeProto node) {
    List<Dimension> result = List.of();
    boolean partial = false;
    for (String input : node.getInputList()) {
      List<Dimension> shape = known.apply(input);
      if (shape == null) {
        partial = true;
      } else {
        result = broadcast(result, shape);
      }
    }
    // An addition to the residual stream has its shape, whatever the branch went through.
    return partial && result.size() < 3 ? null : result;
  }

  private static List<Dimension> broadcast(List<Dimension> a, List<Dimension> b) {
    List<Dimension> longer = a.size() >= b.size() ? a : b;
    List<Dimension> shorter = a.size() >= b.size() ? b : a;
    List<Dimension> result = new ArrayList<>(longer);
    int offset = longer.size() - shorter.size();
    for (int i = 0; i < shorter.size(); i++) {
      result.set(offset + i, broadcast(longer.get(offset + i), shorter.get(i)));
    }
    return result;
  }

  private static Dimension broadcast(Dimension a, Dimension b) {
    if (a.size() == 1 || b.size() > 1) {
      return b;
    }
    return b.size() == 1 || a.isFixed() || a.symbol() != null ? a : b;
  }

  private static @Nullable List<Dimension> product(
      @Nullable List<Dimension> a, @Nullable List<Dimension> b) {
    if (a == null || b == null || a.size() < 2 || b.size() < 2 || b.size() > a.size()) {
      return null;
    }
    List<Dimension> result = new ArrayList<>(a);
    result.set(a.size() - 1, b.get(b.size() - 1));
    return result;
  }

  private static @Nullable List<Dimension> widened(@Nullable List<Dimension> a, long width) {
    if (a == null || a.isEmpty()) {
      return null;
    }
    List<Dimension> result = new ArrayList<>(a);
    result.set(a.size() - 1, width < 0 ? Dimension.UNKNOWN : Dimension.fixed(width));
    return result;
  }

  private @Nullable List<Dimension> gemm(NodeProto node) {
    List<Dimension> a = input(node, 0);
    List<Dimension> b = input(node, 1);
    if (a == null || b == null || a.size() != 2 || b.size() != 2) {
      return null;
    }
    return List.of(
        a.get(Integers.attribute(node, "transA", 0) == 0 ? 0 : 1),
        b.get(Integers.attribute(node, "transB", 0) == 0 ? 1 : 0));
  }

  private static @Nullable List<Dimension> constant(NodeProto node) {
    for (AttributeProto attribute : node.getAttributeList()) {
      switch (attribute.getName()) {
        case "value" -> {
          return Dimension.fixed(
              attribute.getT().getDimsList().stream().mapToLong(Long::longValue).toArray());
        }
        case "value_int", "value_float" -> {
          return List.of();
        }
        case "value_ints" -> {
          return List.of(Dimension.fixed(attribute.getIntsCount()));
        }
        default -> {}
      }
    }
    return null;
  }

  private @Nullable List<Dimension> embedding(NodeProto node, int output) {
    List<Dimension> ids = input(node, 0);
    List<Dimension> table = input(node, 2);
    if (output == 1 || ids == null || table == null || ids.size() != 2 || table.size() != 2) {
      return null;
    }
    return List.of(ids.get(0), ids.get(1), table.get(1));
  }

  /** {@code [batch, channels, ...]} of which the channels are as many as kernels. */
  private @Nullable List<Dimension> convolved(NodeProto node) {
    List<Dimension> result = resized(input(node, 0));
    String operator = node.getOpType();
    List<Dimension> kernels = input(node, operator.equals("QLinearConv") ? 3 : 1);
    if (result == null || kernels == null || kernels.size() != result.size()) {
      return result == null ? null : unsized(result);
    }
    long groups = Integers.attribute(node, "group", 1);
    boolean transposed = operator.equals("ConvTranspose");
    Dimension channels = kernels.get(transposed ? 1 : 0);
    result.set(
        1, transposed && channels.isFixed() ? Dimension.fixed(channels.size() * groups) : channels);
    return result;
  }

  /** Batch and channels as they are, the positions of another number. */
  private static @Nullable List<Dimension> resized(@Nullable List<Dimension> shape) {
    if (shape == null || shape.size() < 3) {
      return null;
    }
    List<Dimension> result = new ArrayList<>(shape);
    for (int i = 2; i < result.size(); i++) {
      result.set(i, Dimension.UNKNOWN);
    }
    return result;
  }

  /** As many dimensions, of other sizes but for the batch. */
  private static @Nullable List<Dimension> unsized(@Nullable List<Dimension> shape) {
    if (shape == null) {
      return null;
    }
    List<Dimension> result = new ArrayList<>(shape);
    for (int i = 1; i < result.size(); i++) {
      result.set(i, Dimension.UNKNOWN);
    }
    return result;
  }

  /** Queries and, packed with them, keys and values; only queries come out. */
  private @Nullable List<Dimension> grouped(NodeProto node, int output) {
    List<Dimension> queries = input(node, 0);
    boolean packed = node.getInputCount() < 2 || node.getInput(1).isEmpty();
    if (output != 0 || queries == null) {
      return null;
    }
    return packed ? widened(queries, -1) : queries;
  }
}
