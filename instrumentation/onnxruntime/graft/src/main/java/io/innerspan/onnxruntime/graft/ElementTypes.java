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
    switch (node.getOpType()) {
      case "Cast":
        return ElementType.of((int) Integers.attribute(node, "to", 0));
      case "Constant":
        return constant(node);
      case "ConstantOfShape":
        return node.getAttributeCount() == 0 ? ElementType.FLOAT : constant(node);
      case "Shape":
      case "Size":
      case "NonZero":
      case "ArgMax":
      case "ArgMin":
        return ElementType.INT64;
      case "Equal":
      case "Greater":
      case "GreaterOrEqual":
      case "Less":
      case "LessOrEqual":
      case "And":
      case "Or":
      case "Xor":
      case "Not":
      case "IsNaN":
      case "IsInf":
        return ElementType.BOOL;
      case "TopK":
        return output == 1 ? ElementType.INT64 : input(node, 0, known);
      case "Dropout":
        return output == 1 ? ElementType.BOOL : input(node, 0, known);
      case "MatMulInteger":
      case "ConvInteger":
        return ElementType.INT32;
      case "QuantizeLinear":
        return node.getInputCount() > 2 ? input(node, 2, known) : ElementType.UINT8;
      case "DynamicQuantizeLinear":
        return output == 1 ? ElementType.FLOAT : ElementType.UINT8;
      case "QLinearMatMul":
        return input(node, 7, known);
      case "DequantizeLinear":
      case "Where":
      case "CastLike":
        return input(node, 1, known);
      case "MatMulIntegerToFloat":
        return input(node, 2, known);
      case "EmbedLayerNormalization":
        return output == 1 ? ElementType.INT32 : input(node, 2, known);
      case "If":
      case "Loop":
      case "Scan":
        return ElementType.UNKNOWN;
      default:
        return input(node, 0, known);
    }
  }

  private static ElementType input(NodeProto node, int i, Function<String, ElementType> known) {
    return i < node.getInputCount() ? known.apply(node.getInput(i)) : ElementType.UNKNOWN;
  }

  private static ElementType constant(NodeProto node) {
    for (AttributeProto attribute : node.getAttributeList()) {
      switch (attribute.getName()) {
        case "value":
          return ElementType.of(attribute.getT().getDataType());
        case "value_float":
        case "value_floats":
          return ElementType.FLOAT;
        case "value_int":
        case "value_ints":
          return ElementType.INT64;
        case "value_string":
        case "value_strings":
          return ElementType.STRING;
        default:
          break;
      }
    }
    return ElementType.UNKNOWN;
  }
}
