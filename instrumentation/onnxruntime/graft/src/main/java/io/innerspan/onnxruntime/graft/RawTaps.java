package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.NormMatcher.Norm;
import io.innerspan.onnxruntime.graft.TapPoint.Safety;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.signals.HookPoint;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Judges tensors that are addressed by their own names. */
final class RawTaps {
  /** What ONNX Runtime joins with the product before it. */
  private static final Set<String> AFTER_PRODUCT =
      Set.of("Add", "BatchNormalization", "Clip", "LeakyRelu", "Relu", "Sigmoid", "Tanh");

  private final GraphIndex graph;
  private final Tensors tensors;
  private final Layouts layouts;
  private final Set<String> inputs;
  private final Map<String, TapPoint> named = new HashMap<>();
  private final Set<String> normInternals;
  private final Set<String> normOutputs = new HashSet<>();

  /**
   * @param named the places with TransformerLens names, whose judgement holds for their tensors
   */
  RawTaps(
      GraphIndex graph,
      Tensors tensors,
      NormMatcher norms,
      Layouts layouts,
      Set<String> inputs,
      Collection<TapPoint> named) {
    this.graph = graph;
    this.tensors = tensors;
    this.layouts = layouts;
    this.inputs = inputs;
    for (TapPoint point : named) {
      // One tensor ends a layer and begins the next: the safer word is about the same tensor.
      this.named.merge(
          point.tensor().name(), point, (a, b) -> a.safety().compareTo(b.safety()) <= 0 ? a : b);
    }
    normInternals = norms.allInternals();
    for (int i = 0; i < graph.size(); i++) {
      for (String input : graph.node(i).getInputList()) {
        boolean sum = this.named.containsKey(input) || isNormInput(i, input);
        Norm norm = sum && !graph.isConstant(input) ? norms.after(input) : null;
        if (norm != null) {
          normOutputs.add(norm.output());
        }
      }
    }
    normInternals.removeAll(normOutputs);
    normInternals.removeAll(this.named.keySet());
  }

  private boolean isNormInput(int position, String input) {
    NodeProto node = graph.node(position);
    return (node.getOpType().equals("ReduceMean")
            || StandardOps.NORMALIZATION.contains(node.getOpType()))
        && node.getInput(0).equals(input);
  }

  /** The place of a tensor, or null when the model computes no such tensor. */
  @Nullable TapPoint find(HookPoint hookPoint) {
    String name = hookPoint.name();
    boolean computed =
        graph.producerPosition(name) >= 0 && !graph.isConstant(name) && !Functions.isInside(name);
    if (!computed && !inputs.contains(name)) {
      return null;
    }
    TapPoint same = named.get(name);
    if (same != null) {
      return same.as(hookPoint);
    }
    return judge(hookPoint, tensors.get(name));
  }

  private TapPoint judge(HookPoint hookPoint, TensorInfo tensor) {
    String name = tensor.name();
    if (normInternals.contains(name)) {
      return tap(
          hookPoint,
          tensor,
          Safety.UNSAFE,
          true,
          "inside a layer normalisation, which would not be fused");
    }
    if (inputs.contains(name) || graph.isGraphOutput(name)) {
      return tap(hookPoint, tensor, Safety.SAFE, false, "an input or output of the model");
    }
    if (normOutputs.contains(name)) {
      return tap(hookPoint, tensor, Safety.SAFE, false, "output of a normalisation");
    }
    NodeProto producer = graph.producer(name);
    if (producer != null && StandardOps.PRODUCT.contains(producer.getOpType()) && isFused(name)) {
      return tap(
          hookPoint,
          tensor,
          Safety.CAUTION,
          true,
          "product before its bias or activation: a fused operator may be lost");
    }
    return tap(
        hookPoint, tensor, Safety.CAUTION, false, "not known to be safe: certification decides");
  }

  private TapPoint tap(
      HookPoint hookPoint, TensorInfo tensor, Safety safety, boolean breaksFusion, String note) {
    return TapPoint.of(hookPoint, tensor, layouts.of(tensor.name()), safety, breaksFusion, note);
  }

  /** Whether the runtime computes the next operator together with this one. */
  private boolean isFused(String tensor) {
    List<Integer> consumers = graph.consumerPositions(tensor);
    return consumers.size() == 1
        && AFTER_PRODUCT.contains(graph.node(consumers.get(0)).getOpType());
  }
}
