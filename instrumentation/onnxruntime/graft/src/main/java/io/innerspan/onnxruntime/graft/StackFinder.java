package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tells apart the residual streams of a graph: an addition goes on from the nearest one before. */
final class StackFinder {
  private static final int MAX_STEPS = 5_000;

  private final GraphIndex graph;
  private final List<List<Residual>> stacks = new ArrayList<>();
  private final Map<String, Integer> owners = new HashMap<>();

  private StackFinder(GraphIndex graph) {
    this.graph = graph;
  }

  /** The additions of each stream, in order. */
  static List<List<Residual>> split(List<Residual> residuals, GraphIndex graph) {
    StackFinder finder = new StackFinder(graph);
    residuals.forEach(finder::add);
    return finder.stacks;
  }

  private void add(Residual residual) {
    int stack = owner(residual.stream());
    if (stack < 0) {
      stack = stacks.size();
      stacks.add(new ArrayList<>());
    }
    stacks.get(stack).add(residual);
    if (residual.sum() != null) {
      owners.put(residual.sum(), stack);
    }
    if (residual.normalized() != null) {
      owners.put(residual.normalized(), stack);
    }
  }

  /** The stack of the additions that a stream comes from, or -1 for a new one. */
  private int owner(String stream) {
    Deque<String> queue = new ArrayDeque<>(Set.of(stream));
    Set<String> seen = new HashSet<>(queue);
    int found = -1;
    while (!queue.isEmpty() && seen.size() < MAX_STEPS) {
      String tensor = queue.remove();
      Integer owner = owners.get(tensor);
      NodeProto node = graph.producer(tensor);
      if (owner != null) {
        found = Math.max(found, owner);
      } else if (node != null && !node.getOpType().equals("Shape")) {
        if (EmbeddingFinder.embeds(graph, node)) {
          return -1; // Tokens of another input come in here: what went before is another stream.
        }
        for (String input : node.getInputList()) {
          if (!graph.isConstant(input) && seen.add(input)) {
            queue.add(input);
          }
        }
      }
    }
    return found;
  }
}
