package io.innerspan.onnxruntime.graft;

import com.google.protobuf.InvalidProtocolBufferException;
import io.innerspan.onnxruntime.graft.onnx.AttributeProto;
import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto;
import io.innerspan.onnxruntime.graft.onnx.TypeProto;
import io.innerspan.onnxruntime.graft.onnx.ValueInfoProto;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Reads a model without its weights, and refuses what cannot be grafted whatever the signals. */
final class ModelReader {
  /** What names of added nodes and tensors begin with. */
  static final String PREFIX = "innerspan/";

  private ModelReader() {}

  /** The bytes of a model's structure, to be {@linkplain #parse parsed}. */
  static byte[] withoutWeights(ByteBuffer bytes) throws ModelRefusedException {
    if (!bytes.hasRemaining()) {
      throw new ModelRefusedException("not an ONNX model: no bytes");
    }
    refuseOrtFormat(bytes);
    return StructureFilter.withoutWeights(bytes);
  }

  static ModelProto parse(byte[] structure) throws ModelRefusedException {
    ModelProto model;
    try {
      model = ModelProto.parseFrom(structure);
    } catch (InvalidProtocolBufferException e) {
      throw new ModelRefusedException("not an ONNX model: " + e.getMessage(), e);
    }
    if (!model.hasGraph() || model.getGraph().getNodeCount() == 0) {
      throw new ModelRefusedException("not an ONNX model: it has no graph of nodes");
    }
    refuseNames(model.getGraph());
    refuseNodesWithoutOutputs(model.getGraph());
    refuseTypes("input", model.getGraph().getInputList());
    refuseTypes("output", model.getGraph().getOutputList());
    return model;
  }

  /** The optimised format of ONNX Runtime is a flatbuffer that names itself in bytes 4 to 8. */
  private static void refuseOrtFormat(ByteBuffer bytes) throws ModelRefusedException {
    byte[] identifier = new byte[4];
    if (bytes.remaining() >= 8) {
      bytes.get(bytes.position() + 4, identifier);
      if (new String(identifier, StandardCharsets.ISO_8859_1).equals("ORTM")) {
        throw new ModelRefusedException("a model in ONNX Runtime's own format, expected ONNX");
      }
    }
  }

  /** No operator is without them, and every search may then rely on the first. */
  private static void refuseNodesWithoutOutputs(GraphProto graph) throws ModelRefusedException {
    for (int i = 0; i < graph.getNodeCount(); i++) {
      NodeProto node = graph.getNode(i);
      if (node.getOutputCount() == 0) {
        throw new ModelRefusedException(
            "node " + i + " (" + node.getOpType() + "): expected an output, found none");
      }
    }
  }

  /** A name that is only read counts too: added nodes would make a broken model a whole one. */
  private static void refuseNames(GraphProto graph) throws ModelRefusedException {
    for (NodeProto node : graph.getNodeList()) {
      refuseName(node.getName());
      refuseNames(node.getInputList());
      refuseNames(node.getOutputList());
      if (node.getOpType().equals("EPContext")) {
        throw new ModelRefusedException(
            "the model is compiled for an execution provider (node EPContext)");
      }
      for (AttributeProto attribute : node.getAttributeList()) {
        refuseNames(attribute.getG());
        for (GraphProto body : attribute.getGraphsList()) {
          refuseNames(body);
        }
      }
    }
    refuseNamesOf(graph.getInputList());
    refuseNamesOf(graph.getOutputList());
    refuseNamesOf(graph.getValueInfoList());
    for (TensorProto initializer : graph.getInitializerList()) {
      refuseName(initializer.getName());
    }
  }

  private static void refuseNamesOf(List<ValueInfoProto> values) throws ModelRefusedException {
    for (ValueInfoProto value : values) {
      refuseName(value.getName());
    }
  }

  private static void refuseNames(List<String> names) throws ModelRefusedException {
    for (String name : names) {
      refuseName(name);
    }
  }

  private static void refuseName(String name) throws ModelRefusedException {
    if (name.startsWith(PREFIX)) {
      throw new ModelRefusedException(
          "the name " + name + " is in the graph already, names with " + PREFIX + " are added");
    }
  }

  private static void refuseTypes(String kind, List<ValueInfoProto> values)
      throws ModelRefusedException {
    for (ValueInfoProto value : values) {
      TypeProto.ValueCase type = value.getType().getValueCase();
      if (type != TypeProto.ValueCase.TENSOR_TYPE && type != TypeProto.ValueCase.VALUE_NOT_SET) {
        throw new ModelRefusedException(
            kind
                + " "
                + value.getName()
                + ": expected a tensor, found a "
                + type.name().replace("_TYPE", "").replace('_', ' ').toLowerCase(Locale.ROOT));
      }
    }
  }
}
