package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Recognises layer and root-mean-square normalisations: fused operators, and those that exporters
 * before operator set 17 spell out as means, squares and a square root.
 *
 * <p>A spelled-out one is the set of arithmetic nodes that depend on nothing but the tensor and
 * constants, among them a mean over the last axis and one square root. Its output is the first
 * tensor after the root that anything else uses.
 */
final class NormMatcher {
  private static final Set<String> ARITHMETIC =
      Set.of("Add", "Sub", "Mul", "Div", "Pow", "Sqrt", "Reciprocal", "Cast", "ReduceMean");

  private static final int MAX_NODES = 32;

  /**
   * A normalisation.
   *
   * @param output the normalised tensor
   * @param internals the tensors between the input and the output
   * @param centred whether the mean is taken off, as a LayerNorm does and a root-mean-square one
   *     does not
   */
  record Norm(String output, Set<String> internals, boolean centred) {}

  private final GraphIndex graph;
  private final Tensors tensors;
  private final Map<String, Optional<Norm>> decomposed = new HashMap<>();

  NormMatcher(GraphIndex graph, Tensors tensors) {
    this.graph = graph;
    this.tensors = tensors;
  }

  /** The normalisation of a tensor, or null when none follows. */
  @Nullable Norm after(String tensor) {
    Norm fused = fused(tensor);
    return fused != null ? fused : decomposed(tensor);
  }

  /** The tensors inside of any spelled-out normalisation of the graph. */
  Set<String> allInternals() {
    Set<String> internals = new HashSet<>();
    for (int i = 0; i < graph.size(); i++) {
      NodeProto node = graph.node(i);
      boolean square =
          node.getOpType().equals("Mul")
              && node.getInputCount() == 2
              && node.getInput(0).equals(node.getInput(1));
      boolean starts =
          square || node.getOpType().equals("ReduceMean") || node.getOpType().equals("Pow");
      if (starts && node.getInputCount() > 0 && !graph.isConstant(node.getInput(0))) {
        Norm norm = decomposed(node.getInput(0));
        if (norm != null) {
          internals.addAll(norm.internals());
        }
      }
    }
    return internals;
  }

  private @Nullable Norm fused(String tensor) {
    for (int position : graph.consumerPositions(tensor)) {
      NodeProto node = graph.node(position);
      if (isFusedNorm(node, tensor)) {
        return new Norm(node.getOutput(0), Set.of(), isCentred(node));
      }
      // Half-precision models normalise in single precision.
      NodeProto next = node.getOpType().equals("Cast") ? onlyConsumer(node.getOutput(0)) : null;
      if (next != null && isFusedNorm(next, node.getOutput(0))) {
        NodeProto back = onlyConsumer(next.getOutput(0));
        String output =
            back != null && back.getOpType().equals("Cast") ? back.getOutput(0) : next.getOutput(0);
        return new Norm(output, Set.of(node.getOutput(0)), isCentred(next));
      }
      if (node.getOpType().equals("QuantizeLinear")) {
        Norm rounded = afterRounding(node.getOutput(0));
        if (rounded != null) {
          return rounded;
        }
      }
    }
    return null;
  }

  /** The normalisation of a tensor that was rounded to 8 bits and back. */
  private @Nullable Norm afterRounding(String rounded) {
    for (int position : graph.consumerPositions(rounded)) {
      NodeProto back = graph.node(position);
      Norm norm =
          back.getOpType().equals("DequantizeLinear") && back.getOutputCount() > 0
              ? after(back.getOutput(0))
              : null;
      if (norm != null) {
        return norm;
      }
    }
    return null;
  }

  private static boolean isCentred(NodeProto fused) {
    return fused.getOpType().equals("LayerNormalization");
  }

  private static boolean isFusedNorm(NodeProto node, String input) {
    return StandardOps.NORMALIZATION.contains(node.getOpType())
        && node.getInputCount() > 0
        && node.getInput(0).equals(input)
        && node.getOutputCount() > 0;
  }

  private @Nullable NodeProto onlyConsumer(String tensor) {
    List<Integer> consumers = graph.consumerPositions(tensor);
    return consumers.size() == 1 && !graph.isGraphOutput(tensor)
        ? graph.node(consumers.get(0))
        : null;
  }

  private @Nullable Norm decomposed(String tensor) {
    return decomposed
        .computeIfAbsent(tensor, name -> Optional.ofNullable(match(name)))
        .orElse(null);
  }

  private @Nullable Norm match(String tensor) {
    Map<String, Integer> region = region(tensor);
    int root = -1;
    boolean mean = false;
    boolean centred = false;
    for (int position : region.values()) {
      String operator = graph.node(position).getOpType();
      mean |= operator.equals("ReduceMean");
      centred |= operator.equals("Sub");
      root = operator.equals("Sqrt") ? position : root;
    }
    if (!mean || root < 0) {
      return null;
    }
    Set<String> internals = new HashSet<>();
    for (Map.Entry<String, Integer> entry : region.entrySet()) {
      String output = entry.getKey();
      if (entry.getValue() > root && leaves(output, region)) {
        boolean scale = graph.node(entry.getValue()).getOpType().equals("Reciprocal");
        return scale ? null : new Norm(output, internals, centred);
      }
      internals.add(output);
    }
    return null;
  }

  /** The outputs and positions, in their order, of the arithmetic on one tensor. */
  private Map<String, Integer> region(String tensor) {
    Map<String, Integer> region = new LinkedHashMap<>();
    PriorityQueue<Integer> queue = new PriorityQueue<>(graph.consumerPositions(tensor));
    Set<Integer> seen = new HashSet<>(queue);
    boolean root = false;
    while (!queue.isEmpty() && region.size() < MAX_NODES) {
      int position = queue.remove();
      NodeProto node = graph.node(position);
      if (!belongs(node, tensor, region, root)) {
        continue;
      }
      root |= node.getOpType().equals("Sqrt");
      region.put(node.getOutput(0), position);
      for (int consumer : graph.consumerPositions(node.getOutput(0))) {
        if (seen.add(consumer)) {
          queue.add(consumer);
        }
      }
    }
    return region;
  }

  private boolean belongs(
      NodeProto node, String tensor, Map<String, Integer> region, boolean afterRoot) {
    String operator = node.getOpType();
    if (!ARITHMETIC.contains(operator) || node.getOutputCount() != 1) {
      return false;
    }
    boolean starts = operator.equals("Sqrt") || operator.equals("ReduceMean");
    if ((starts && afterRoot) || (operator.equals("ReduceMean") && !overLastAxis(node))) {
      return false;
    }
    for (String input : node.getInputList()) {
      if (!input.equals(tensor) && !region.containsKey(input) && !graph.isConstant(input)) {
        return false;
      }
    }
    return true;
  }

  private boolean overLastAxis(NodeProto mean) {
    long[] axes = Integers.axes(graph, mean);
    if (axes == null || axes.length != 1) {
      return false;
    }
    int rank = tensors.get(mean.getInput(0)).rank();
    return axes[0] == -1 || axes[0] == (rank < 0 ? 2 : rank - 1);
  }

  private boolean leaves(String output, Map<String, Integer> region) {
    if (graph.isGraphOutput(output)) {
      return true;
    }
    for (int consumer : graph.consumerPositions(output)) {
      NodeProto node = graph.node(consumer);
      if (node.getOutputCount() == 0 || !region.containsKey(node.getOutput(0))) {
        return true;
      }
    }
    return false;
  }
}
