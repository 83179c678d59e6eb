package io.innerspan.testing.models;

import io.innerspan.onnxruntime.graft.onnx.AttributeProto;
import io.innerspan.onnxruntime.graft.onnx.AttributeProto.AttributeType;
import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto;

/** Constants as nodes, which functions have in the place of initializers. */
final class Constants {
  private Constants() {}

  static GraphProto inPlaceOfInitializers(GraphProto graph) {
    GraphProto.Builder result = graph.toBuilder().clearInitializer().clearNode();
    for (TensorProto tensor : graph.getInitializerList()) {
      AttributeProto value =
          AttributeProto.newBuilder()
              .setName("value")
              .setType(AttributeType.TENSOR)
              .setT(tensor)
              .build();
      result.addNode(
          NodeProto.newBuilder()
              .setName(tensor.getName())
              .setOpType("Constant")
              .addOutput(tensor.getName())
              .addAttribute(value));
    }
    return result.addAllNode(graph.getNodeList()).build();
  }
}
