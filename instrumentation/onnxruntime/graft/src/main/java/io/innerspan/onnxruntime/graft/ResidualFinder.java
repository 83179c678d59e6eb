package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.NormMatcher.Norm;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the additions {@code u + f(u)} of a residual stream by structure alone, for exporters agree
 * on no names: one operand is an ancestor of the other through a product.
 */
final class ResidualFinder {
  /** A branch of a layer has some hundred nodes; what takes longer is none. */
  private static final int MAX_STEPS = 5_000;

  /** In total: hundreds of layers take a tenth of it. */
  private static final int MAX_TOTAL_STEPS = 20_000_000;

  private final GraphIndex graph;
  private final NormMatcher norms;
  private final AttentionFinder attentionFinder;
  private final Set<Integer> attention;
  private final Set<String> sums = new HashSet<>();
  private int steps;

  ResidualFinder(GraphIndex graph, NormMatcher norms) {
    this.graph = graph;
    this.norms = norms;
    attentionFinder = new AttentionFinder(graph);
    attention = attentionFinder.find();
  }

  /** Whether anything in the graph attends: without it there are no layers to look for. */
  boolean anyAttention() {
    return !attention.isEmpty();
  }

  /**
   * The additions in the order of the graph.
   *
   * @throws ModelRefusedException when the graph is too entangled to be searched in reasonable time
   */
  List<Residual> find() throws ModelRefusedException {
    List<Residual> residuals = new ArrayList<>();
    for (int i = 0; i < graph.size(); i++) {
      Residual residual = at(graph.node(i));
      if (steps > MAX_TOTAL_STEPS) {
        throw new ModelRefusedException("the graph is too large to be searched for layers");
      }
      if (residual != null) {
        residuals.add(residual);
      }
    }
    return residuals;
  }

  private @Nullable Residual at(NodeProto node) {
    boolean fused = StandardOps.SKIP_NORMALIZATION.contains(node.getOpType());
    if ((!fused && !node.getOpType().equals("Add"))
        || node.getInputCount() < 2
        || node.getOutputCount() < 1) {
      return null;
    }
    String a = node.getInput(0);
    String b = node.getInput(1);
    if (graph.isConstant(a) || graph.isConstant(b)) {
      return null;
    }
    if (isStream(a, b)) {
      return residual(node, fused, a, b);
    }
    return isStream(b, a) ? residual(node, fused, b, a) : null;
  }

  private @Nullable Residual residual(NodeProto node, boolean fused, String stream, String branch) {
    String output = node.getOutput(0);
    if (fused) {
      return skipNormalization(node, stream, branch);
    }
    if (attentionFinder.areScores(output)) {
      return null;
    }
    List<String> patterns = new ArrayList<>();
    boolean attends = attends(stream, branch, patterns);
    sums.add(output);
    String sum = output;
    String attention = branch;
    String mlp = null;
    String second = secondBranch(stream, output);
    String[] both = second == null ? halves(branch) : new String[] {branch, second};
    int attending = both == null ? -1 : attending(stream, both);
    if (both != null && attending >= 0 && isStream(stream, both[1 - attending])) {
      attention = both[attending];
      mlp = both[1 - attending];
      if (second != null) {
        sum = graph.node(graph.consumerPositions(output).get(0)).getOutput(0);
        sums.add(sum);
      }
      patterns.clear();
      attends = attends(stream, attention, patterns);
    }
    Norm norm = norms.after(sum);
    return new Residual(
        stream, attention, mlp, sum, norm == null ? null : norm.output(), attends, patterns);
  }

  /** Which one of two branches attends, or -1 when both do or none. */
  private int attending(String stream, String[] branches) {
    boolean first = attends(stream, branches[0], new ArrayList<>());
    boolean second = attends(stream, branches[1], new ArrayList<>());
    return first == second ? -1 : first ? 0 : 1;
  }

  /** An addition and the normalisation after it in one node. */
  private Residual skipNormalization(NodeProto node, String stream, String branch) {
    String output = node.getOutput(0);
    boolean hasSum = node.getOutputCount() > 3 && !node.getOutput(3).isEmpty();
    String sum = hasSum ? node.getOutput(3) : null;
    int bias = node.getOpType().equals("SkipLayerNormalization") ? 4 : 3;
    boolean biased = node.getInputCount() > bias && !node.getInput(bias).isEmpty();
    List<String> patterns = new ArrayList<>();
    boolean attends = attends(stream, branch, patterns);
    sums.add(output);
    if (sum != null) {
      sums.add(sum);
    }
    return new Residual(stream, biased ? null : branch, null, sum, output, attends, patterns);
  }

  /** What is added right after, when both branches start from the same stream. */
  private @Nullable String secondBranch(String stream, String sum) {
    List<Integer> consumers = graph.consumerPositions(sum);
    if (consumers.size() != 1 || graph.isGraphOutput(sum)) {
      return null;
    }
    NodeProto next = graph.node(consumers.get(0));
    if (!next.getOpType().equals("Add") || next.getInputCount() != 2) {
      return null;
    }
    String other = next.getInput(next.getInput(0).equals(sum) ? 1 : 0);
    return !graph.isConstant(other) && isStream(stream, other) ? other : null;
  }

  /** The two branches of which one is the sum, or null. */
  private String @Nullable [] halves(String branch) {
    NodeProto node = graph.producer(branch);
    if (node == null
        || !node.getOpType().equals("Add")
        || node.getInputCount() != 2
        || graph.isConstant(node.getInput(0))
        || graph.isConstant(node.getInput(1))) {
      return null;
    }
    return new String[] {node.getInput(0), node.getInput(1)};
  }

  /** Whether {@code branch} is computed from {@code stream} through a product. */
  private boolean isStream(String stream, String branch) {
    String target = graph.canonical(stream);
    int first = graph.producerPosition(target);
    Deque<String> queue = new ArrayDeque<>(Set.of(branch));
    Set<String> seen = new HashSet<>(queue);
    boolean product = false;
    boolean reached = false;
    while (!queue.isEmpty() && seen.size() < MAX_STEPS) {
      steps++;
      String tensor = queue.remove();
      if (graph.canonical(tensor).equals(target)) {
        reached = true;
        continue;
      }
      int position = graph.producerPosition(tensor);
      if (position < 0 || position < first) {
        continue;
      }
      NodeProto node = graph.node(position);
      if (position == first && StandardOps.SKIP_NORMALIZATION.contains(node.getOpType())) {
        reached = true; // The node's other output: the sum, or what is normalised of it.
        continue;
      }
      product |= isProduct(node);
      enqueueInputs(node, queue, seen);
    }
    return reached && product;
  }

  /** Whether a branch attends, between the stream and the sum. */
  private boolean attends(String stream, String branch, List<String> patterns) {
    boolean attends = false;
    Deque<String> queue = new ArrayDeque<>(Set.of(branch));
    Set<String> seen = new HashSet<>(queue);
    while (!queue.isEmpty() && seen.size() < MAX_STEPS) {
      steps++;
      String tensor = queue.remove();
      int position = graph.producerPosition(tensor);
      if (position < 0 || tensor.equals(stream) || sums.contains(tensor)) {
        continue;
      }
      NodeProto node = graph.node(position);
      if (attention.contains(position)) {
        attends = true;
        if (node.getOpType().equals("Softmax")) {
          patterns.add(node.getOutput(0));
        }
      }
      enqueueInputs(node, queue, seen);
    }
    Collections.reverse(patterns);
    return attends;
  }

  private void enqueueInputs(NodeProto node, Deque<String> queue, Set<String> seen) {
    // A shape is no value: through it everything would descend from everything.
    if (node.getOpType().equals("Shape")) {
      return;
    }
    for (String input : node.getInputList()) {
      if (!graph.isConstant(input) && seen.add(input)) {
        queue.add(input);
      }
    }
  }

  private static boolean isProduct(NodeProto node) {
    return StandardOps.PRODUCT.contains(node.getOpType())
        || StandardOps.FUSED_ATTENTION.contains(node.getOpType());
  }
}
