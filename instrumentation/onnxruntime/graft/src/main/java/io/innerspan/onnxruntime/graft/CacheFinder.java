package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the inputs that new keys and values are appended to: by a Concat with computed tensors, or
 * within a fused attention operator.
 */
final class CacheFinder {
  /** The inputs of past keys and values of the fused operators. */
  private static final Map<String, Set<Integer>> PAST =
      Map.of(
          "GroupQueryAttention", Set.of(3, 4),
          "MultiHeadAttention", Set.of(6, 7),
          "DecoderMaskedMultiHeadAttention", Set.of(5, 6));

  /** What prepares a cached tensor. */
  private static final Set<String> BEFORE =
      Set.of("Cast", "DequantizeLinear", "Gather", "Identity", "Reshape", "Squeeze", "Split");

  private static final int MAX_STEPS = 64;

  private final GraphIndex graph;
  private final Tensors tensors;

  CacheFinder(GraphIndex graph, Tensors tensors) {
    this.graph = graph;
    this.tensors = tensors;
  }

  /** The cache, or null when no input is appended to. */
  @Nullable KvCache find(List<TensorInfo> inputs) {
    Map<Integer, List<TensorInfo>> byAxis = new TreeMap<>();
    for (TensorInfo input : inputs) {
      int axis = PastShapes.isPast(input.rank(), input.type()) ? lengthAxis(input) : -1;
      if (axis >= 0) {
        byAxis.computeIfAbsent(axis, any -> new ArrayList<>()).add(input);
      }
    }
    KvCache cache = null;
    for (Map.Entry<Integer, List<TensorInfo>> entry : byAxis.entrySet()) {
      if (cache == null || entry.getValue().size() > cache.pastInputs().size()) {
        cache = new KvCache(entry.getValue(), entry.getKey());
      }
    }
    return cache;
  }

  private int lengthAxis(TensorInfo input) {
    Deque<String> queue = new ArrayDeque<>(Set.of(input.name()));
    Set<String> seen = new HashSet<>(queue);
    while (!queue.isEmpty() && seen.size() < MAX_STEPS) {
      String tensor = queue.remove();
      for (int position : graph.consumerPositions(tensor)) {
        NodeProto node = graph.node(position);
        int slot = node.getInputList().indexOf(tensor);
        if (isPast(node, slot)) {
          return input.rank() - 2;
        }
        if (node.getOpType().equals("Concat") && appends(node, tensor)) {
          // Counted from the end: what comes before may have split keys from values.
          long axis = Integers.attribute(node, "axis", 0);
          int known = tensors.get(tensor).rank();
          int rank = known < 0 ? input.rank() : known;
          return (int) (input.rank() + (axis < 0 ? axis : axis - rank));
        }
        if (slot == 0 && BEFORE.contains(node.getOpType())) {
          node.getOutputList().stream().filter(seen::add).forEach(queue::add);
        }
      }
    }
    return -1;
  }

  private boolean appends(NodeProto concat, String past) {
    return concat.getInputCount() == 2
        && concat.getInput(0).equals(past)
        && !graph.isConstant(concat.getInput(1))
        && graph.producerPosition(concat.getInput(1)) >= 0;
  }

  private static boolean isPast(NodeProto node, int slot) {
    if (node.getOpType().equals("Attention")) {
      // ONNX has past keys and values apart, the operator of ONNX Runtime both in one.
      return node.getDomain().isEmpty() ? slot == 4 || slot == 5 : slot == 4;
    }
    return PAST.getOrDefault(node.getOpType(), Set.of()).contains(slot);
  }
}
