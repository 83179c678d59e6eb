package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.AttributeProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import java.util.function.Function;

/** Infers the element type of a node's output from those of its inputs. */
final class ElementTypes {
  private ElementTypes() {}

  /**
   * The type of a node's output, or {@link ElementType#UNKNOWN}.
   *
   * @param output which output
   * @param known the types inferred so far, by tensor name
   */
  static ElementType infer(NodeProto node, int output, Function<String, ElementType> known) {
    return switch (node.getOpType()) {
      case "Cast" -> ElementType.of((int) Integers.attribute(node, "to", 0));
      case "Constant" -> constant(node);
      case "ConstantOfShape" -> node.getAttributeCount() == 0 ? ElementType.FLOAT : constant(node);
      case "Shape", "Size", "NonZero", "ArgMax", "ArgMin" -> ElementType.INT64;
      case "Equal",
          "Greater",
          "GreaterOrEqual",
          "Less",
          "LessOrEqual",
          "And",
          "Or",
          "Xor",
          "Not",
          "IsNaN",
          "IsInf" ->
          ElementType.BOOL;
      case "TopK" -> output == 1 ? ElementType.INT64 : input(node, 0, known);
      case "Dropout" -> output == 1 ? ElementType.BOOL : input(node, 0, known);
      case "MatMulInteger", "ConvInteger" -> ElementType.INT32;
      case "QuantizeLinear" -> node.getInputCount() > 2 ? input(node, 2, known) : ElementType.UINT8;
      case "DynamicQuantizeLinear" -> output == 1 ? ElementType.FLOAT : ElementType.UINT8;
      case "QLinearMatMul", "QLinearConv" -> input(node, 7, known);
      case "DequantizeLinear", "Where", "CastLike" -> input(node, 1, known);
      case "MatMulIntegerToFloat" -> input(node, 2, known);
      case "EmbedLayerNormalization" -> output == 1 ? ElementType.INT32 : input(node, 2, known);
      case "If", "Loop", "Scan" -> ElementType.UNKNOWN;
      default -> input(node, 0, known);
    };
  }

  private static ElementType input(NodeProto node, int i, Function<String, ElementType> known) {
    return i < node.getInputCount() ? known.apply(node.getInput(i)) : ElementType.UNKNOWN;
  }

  private static ElementType constant(NodeProto node) {
    for (AttributeProto attribute : node.getAttributeList()) {
      switch (attribute.getName()) {
        case "value" -> {
          return ElementType.of(attribute.getT().getDataType());
        }
        case "value_float", "value_floats" -> {
          return ElementType.FLOAT;
        }
        case "value_int", "value_ints" -> {
          return ElementType.INT64;
        }
        case "value_string", "value_strings" -> {
          return ElementType.STRING;
        }
        default -> {}
      }
    }
    return ElementType.UNKNOWN;
  }
}
