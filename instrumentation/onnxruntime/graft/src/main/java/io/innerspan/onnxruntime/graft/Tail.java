package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The end of a transformer: what it computes from the output of its last layer to its logits. With
 * another layer's output in the place of the last one's it is a logit lens.
 *
 * @param start the output of the last layer: the residual stream before the final normalisation in
 *     a pre-LN model, the last normalisation's output in a post-LN one; the name of no tensor where
 *     a fused operator keeps that to itself
 * @param logits the logits, before any softmax or sigmoid
 * @param output the model's output that holds the logits, or what a softmax makes of them
 * @param scope what has logits
 * @param classes the number of logits, or -1 when the model does not tell
 * @param nodes the nodes between, in their order; what else they read does not depend on the
 *     layers. Where one operator adds the last branch and normalises, the first only normalises
 */
record Tail(
    String start,
    TensorInfo logits,
    String output,
    Scope scope,
    long classes,
    List<NodeProto> nodes) {

  /** What has logits of its own. */
  enum Scope {
    /** Every token: {@code [batch, tokens, classes]}. */
    TOKENS,
    /** Some tokens that the model chooses, such as the last one: {@code [batch, ?, classes]}. */
    SOME_TOKENS,
    /** Each row of the batch, by way of a pooling: {@code [batch, classes]}. */
    ROWS
  }

  Tail {
    nodes = List.copyOf(nodes);
  }

  /**
   * The same nodes for another activation.
   *
   * @param activation the tensor to read instead of {@code start}, of the same type and shape
   * @param prefix what the names of the copies begin with, before their own
   * @return the copies; the logits are called {@code prefix} + {@code logits().name()}
   */
  List<NodeProto> copy(String activation, String prefix) {
    Map<String, String> names = new HashMap<>();
    names.put(start, activation);
    for (NodeProto node : nodes) {
      for (String output : node.getOutputList()) {
        if (!output.isEmpty()) {
          names.put(output, prefix + output);
        }
      }
    }
    return nodes.stream().map(node -> renamed(node, prefix, names)).toList();
  }

  private static NodeProto renamed(NodeProto node, String prefix, Map<String, String> names) {
    NodeProto.Builder copy = node.toBuilder().clearInput().clearOutput();
    copy.setName(prefix + node.getName());
    node.getInputList().forEach(input -> copy.addInput(names.getOrDefault(input, input)));
    node.getOutputList().forEach(output -> copy.addOutput(names.getOrDefault(output, output)));
    return copy.build();
  }
}
