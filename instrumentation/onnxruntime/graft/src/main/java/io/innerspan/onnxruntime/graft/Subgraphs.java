package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.AttributeProto;
import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto;
import java.util.List;
import java.util.stream.Stream;

/** Looks into the bodies of If, Loop and Scan, where a graft cannot tap. */
final class Subgraphs {
  private Subgraphs() {}

  /** Whether a body of a node of the graph, at any depth, holds transformer layers. */
  static boolean holdLayers(GraphProto graph) throws ModelRefusedException {
    for (NodeProto node : graph.getNodeList()) {
      for (AttributeProto attribute : node.getAttributeList()) {
        if (attribute.hasG() && isTransformer(attribute.getG())) {
          return true;
        }
        for (GraphProto body : attribute.getGraphsList()) {
          if (isTransformer(body)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean isTransformer(GraphProto graph) throws ModelRefusedException {
    GraphIndex index = new GraphIndex(graph);
    NormMatcher norms = new NormMatcher(index, new Tensors(graph, index));
    return !new LayerFinder(index, norms).find().isEmpty() || holdLayers(graph);
  }

  /** Whether weights of a graph or its bodies lie in other files. */
  static boolean externalData(GraphProto graph) {
    return graph.getInitializerList().stream().anyMatch(Subgraphs::isExternal)
        || graph.getNodeList().stream()
            .flatMap(node -> node.getAttributeList().stream())
            .anyMatch(
                attribute ->
                    isExternal(attribute.getT())
                        || (attribute.hasG() && externalData(attribute.getG()))
                        || attribute.getGraphsList().stream().anyMatch(Subgraphs::externalData));
  }

  /** The nodes of a graph and of its bodies, at any depth. */
  static Stream<NodeProto> nodes(List<NodeProto> nodes) {
    return nodes.stream()
        .flatMap(
            node ->
                Stream.concat(
                    Stream.of(node),
                    node.getAttributeList().stream()
                        .flatMap(Subgraphs::bodies)
                        .flatMap(body -> nodes(body.getNodeList()))));
  }

  private static Stream<GraphProto> bodies(AttributeProto attribute) {
    Stream<GraphProto> all = attribute.getGraphsList().stream();
    return attribute.hasG() ? Stream.concat(Stream.of(attribute.getG()), all) : all;
  }

  private static boolean isExternal(TensorProto tensor) {
    return tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
  }
}
