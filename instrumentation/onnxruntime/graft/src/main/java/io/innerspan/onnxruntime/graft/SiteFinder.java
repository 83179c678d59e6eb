package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.TapPoint.Layout;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.signals.HookPoint;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the activations of a model that an intervention can change, and what their axes are. */
final class SiteFinder {
  /** What may lie between the attention probabilities and their product with the values. */
  private static final Set<String> BEFORE_PRODUCT = Set.of("Identity", "Dropout", "Cast", "Where");

  private static final int MAX_STEPS = 8;

  private final OnnxModel model;
  private final GraphIndex graph;
  private final Tensors tensors;
  private final Map<String, SiteTarget> heads = new HashMap<>();
  private final Map<String, SiteAxes> axes = new HashMap<>();

  SiteFinder(OnnxModel model) {
    this.model = model;
    graph = new GraphIndex(model.graph());
    tensors = new Tensors(model.graph(), graph);
    for (Layer layer : model.layers()) {
      add(layer.block() + ".attn.hook_z", layer.patterns(), layer.attentionOut());
      add(layer.block() + ".cross_attn.hook_z", layer.crossPatterns(), layer.crossOut());
    }
  }

  private void add(String name, List<String> patterns, @Nullable String branch) {
    SiteTarget z = null;
    if (patterns.size() == 1) {
      z = product(patterns.get(0));
    } else if (patterns.isEmpty() && branch != null) {
      z = fused(branch);
    }
    if (z != null) {
      heads.put(name, z);
      axes.put(z.tensor().name(), z.axes());
    }
    for (String pattern : patterns) {
      axes.put(pattern, SiteAxes.perHead(headsOf(pattern)));
    }
  }

  /** The activation of a TransformerLens name or raw tensor name, or null when there is none. */
  @Nullable SiteTarget find(HookPoint hookPoint) {
    TapPoint tap = model.resolve(hookPoint);
    if (tap == null) {
      return heads.get(hookPoint.name());
    }
    TensorInfo tensor = tap.tensor();
    SiteAxes known = axes.get(tensor.name());
    if (known == null) {
      boolean tokens = tap.layout() == Layout.TOKENS;
      known = tokens ? SiteAxes.PER_TOKEN : SiteAxes.rowsOnly(tensor.rank());
    }
    return new SiteTarget(tensor, known);
  }

  /** Why an activation must not be touched, or null. */
  @Nullable String refusal(HookPoint hookPoint, SiteTarget target) {
    TapPoint tap = model.resolve(hookPoint);
    if (tap != null && !tap.usable()) {
      return tap.note();
    }
    TensorInfo tensor = target.tensor();
    if (graph.producerPosition(tensor.name()) < 0) {
      return "an input of the model: feed other values instead";
    }
    if (!tensor.type().isFloatingPoint()) {
      return "expected a floating-point tensor, found " + tensor.type();
    }
    return tensor.rank() == 0 ? "expected at least one axis, found a scalar" : null;
  }

  /** The product of attention probabilities with the values. */
  private @Nullable SiteTarget product(String pattern) {
    String tensor = pattern;
    for (int step = 0; step < MAX_STEPS; step++) {
      NodeProto next = null;
      for (int position : graph.consumerPositions(tensor)) {
        NodeProto node = graph.node(position);
        if (node.getOpType().equals("MatMul") && node.getInput(0).equals(tensor)) {
          return target(node.getOutput(0), SiteAxes.perHead(headsOf(pattern)));
        }
        if (BEFORE_PRODUCT.contains(node.getOpType())) {
          next = node;
        }
      }
      if (next == null) {
        return null;
      }
      tensor = next.getOutput(0);
    }
    return null;
  }

  private long headsOf(String pattern) {
    return new SiteTarget(tensors.get(pattern), SiteAxes.PER_TOKEN).size(1);
  }

  /** The output of a fused operator, reached from the branch's end without leaving the branch. */
  private @Nullable SiteTarget fused(String branch) {
    String tensor = branch;
    Set<String> seen = new HashSet<>();
    while (seen.add(tensor)) {
      NodeProto node = graph.producer(tensor);
      if (node == null) {
        return null;
      }
      if (StandardOps.FUSED_ATTENTION.contains(node.getOpType())) {
        long count =
            Integers.attribute(node, "num_heads", Integers.attribute(node, "q_num_heads", -1));
        boolean perHead = tensors.get(tensor).rank() == 4;
        return target(tensor, perHead ? SiteAxes.perHead(count) : SiteAxes.mergedHeads(count));
      }
      String before = onlyActivation(node);
      if (before == null) {
        return null;
      }
      tensor = before;
    }
    return null;
  }

  private @Nullable String onlyActivation(NodeProto node) {
    String only = null;
    for (String input : node.getInputList()) {
      if (!graph.isConstant(input)) {
        if (only != null) {
          return null;
        }
        only = input;
      }
    }
    return only;
  }

  private SiteTarget target(String tensor, SiteAxes axes) {
    return new SiteTarget(tensors.get(tensor), axes);
  }
}
