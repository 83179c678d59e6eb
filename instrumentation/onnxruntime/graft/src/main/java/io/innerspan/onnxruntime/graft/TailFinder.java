package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.Tail.Scope;
import io.innerspan.onnxruntime.graft.onnx.AttributeProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the tail of a stack of layers, or says why it cannot be applied to other layers. */
final class TailFinder {
  /** What makes probabilities of logits. */
  private static final Set<String> SQUASHING = Set.of("Softmax", "LogSoftmax", "Sigmoid");

  /** What may lie between the last product and the logits: biases, scales and caps. */
  private static final Set<String> AFTER_PRODUCT =
      Set.of(
          "Add",
          "Cast",
          "Clip",
          "DequantizeLinear",
          "Div",
          "Dropout",
          "Flatten",
          "Identity",
          "Mul",
          "QuantizeLinear",
          "Reshape",
          "Squeeze",
          "Sub",
          "Tanh");

  /** What takes tokens out or puts them together. */
  private static final Set<String> MIXES_TOKENS =
      Set.of(
          "ArgMax",
          "AveragePool",
          "Compress",
          "Concat",
          "Conv",
          "Flatten",
          "Gather",
          "GatherElements",
          "GatherND",
          "GlobalAveragePool",
          "MaxPool",
          "Slice",
          "Split",
          "TopK",
          "Transpose");

  /** The fused normalisation's input of scales; the one of shifts comes next. */
  private static final int SCALE = 2;

  /** Its own default, which is not that of the other operators. */
  private static final AttributeProto FUSED_EPSILON =
      AttributeProto.newBuilder()
          .setName("epsilon")
          .setType(AttributeProto.AttributeType.FLOAT)
          .setF(1e-12f)
          .build();

  /** Stands for the output of a last layer that a fused operator keeps to itself. */
  private static final String NO_TENSOR = ModelReader.PREFIX + "no_tensor";

  /** The tail of a model, or why there is none. Exactly one is null. */
  record Result(@Nullable Tail tail, @Nullable String refusal) {
    private static Result refused(String reason) {
      return new Result(null, reason);
    }
  }

  private final GraphIndex graph;
  private final Tensors tensors;
  private final Reach reach;

  TailFinder(GraphIndex graph, Tensors tensors) {
    this.graph = graph;
    this.tensors = tensors;
    reach = new Reach(graph);
  }

  /**
   * The tail of the last stack that has one: of an encoder-decoder, the decoder's.
   *
   * @param outputs the model's outputs
   */
  Result find(List<Stack> stacks, List<TensorInfo> outputs) {
    Result result = Result.refused("the model has no transformer layers");
    for (Stack stack : stacks) {
      Result found = find(stack, outputs);
      if (found.tail() != null || result.tail() == null) {
        result = found;
      }
    }
    return result;
  }

  private Result find(Stack stack, List<TensorInfo> outputs) {
    String start = stack.last().output();
    NodeProto fused = fusedNorm(stack);
    if (fused != null && start == null) {
      start = NO_TENSOR;
    }
    if (start == null) {
      return Result.refused("a fused operator keeps the output of the last layer to itself");
    }
    String from = fused == null ? start : fused.getOutput(0);
    TreeSet<Integer> after = reach.after(from);
    Set<String> computed = reach.outputs(after);
    if (fused != null) {
      computed.add(from);
    }
    List<TensorInfo> heads = new ArrayList<>();
    for (TensorInfo output : outputs) {
      if (computed.contains(output.name()) && endsInProduct(output.name(), computed)) {
        heads.add(output);
      }
    }
    long width = tensors.get(from).width();
    heads.removeIf(head -> width >= 0 && head.width() == width);
    if (heads.isEmpty()) {
      return Result.refused(
          "no output is a product with the last layer: the model has no unembedding or classifier");
    }
    if (heads.size() > 1) {
      return Result.refused(
          "more than one output looks like logits: "
              + String.join(", ", heads.stream().map(TensorInfo::name).toList()));
    }
    List<NodeProto> first = fused == null ? List.of() : List.of(normalization(fused, start));
    return tail(start, first, stack.first().input(), heads.get(0).name(), after, computed);
  }

  /** The node that adds the last branch and normalises at once, or null. */
  private @Nullable NodeProto fusedNorm(Stack stack) {
    NodeProto node = stack.finalNorm() == null ? null : graph.producer(stack.finalNorm());
    return node != null
            && StandardOps.SKIP_NORMALIZATION.contains(node.getOpType())
            && node.getOutput(0).equals(stack.finalNorm())
            && node.getInputCount() > SCALE
        ? node
        : null;
  }

  /** What a fused addition and normalisation makes of the sum. */
  private static NodeProto normalization(NodeProto fused, String sum) {
    boolean centred = fused.getOpType().equals("SkipLayerNormalization");
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setName(fused.getName())
            .setOpType(centred ? "LayerNormalization" : "SimplifiedLayerNormalization")
            .addInput(sum)
            .addInput(fused.getInput(SCALE))
            .addOutput(fused.getOutput(0))
            .addAttribute(OverlayGraph.integer("axis", -1));
    if (centred && fused.getInputCount() > SCALE + 1 && !fused.getInput(SCALE + 1).isEmpty()) {
      node.addInput(fused.getInput(SCALE + 1));
    }
    AttributeProto epsilon = FUSED_EPSILON;
    for (AttributeProto attribute : fused.getAttributeList()) {
      epsilon = attribute.getName().equals("epsilon") ? attribute : epsilon;
    }
    return node.addAttribute(epsilon).build();
  }

  private boolean endsInProduct(String output, Set<String> computed) {
    NodeProto node = graph.producer(output);
    for (int step = 0; node != null && step < 12; step++) {
      if (StandardOps.PRODUCT.contains(node.getOpType())) {
        return true;
      }
      boolean squashes = SQUASHING.contains(node.getOpType());
      if (!squashes && !AFTER_PRODUCT.contains(node.getOpType())) {
        return false;
      }
      node = graph.producer(fromLayers(node, computed));
    }
    return false;
  }

  /** The input of a node that depends on the last layer; the empty name when none does. */
  private static String fromLayers(NodeProto node, Set<String> computed) {
    return node.getInputList().stream().filter(computed::contains).findFirst().orElse("");
  }

  private Result tail(
      String start,
      List<NodeProto> first,
      String firstInput,
      String output,
      TreeSet<Integer> after,
      Set<String> computed) {
    String logits = output;
    NodeProto end = graph.producer(output);
    while (end != null
        && (SQUASHING.contains(end.getOpType()) || end.getOpType().equals("Identity"))) {
      logits = end.getInput(0);
      end = graph.producer(logits);
    }
    Set<String> needed = reach.before(logits);
    Set<String> layerTensors = reach.outputs(reach.after(firstInput));
    List<NodeProto> nodes = new ArrayList<>(first);
    for (int position : after) {
      NodeProto node = graph.node(position);
      if (node.getOutputList().stream().noneMatch(needed::contains)) {
        continue;
      }
      String refusal = refusal(node);
      if (refusal != null) {
        return Result.refused(refusal);
      }
      for (String input : node.getInputList()) {
        if (!input.equals(start) && !computed.contains(input) && layerTensors.contains(input)) {
          return Result.refused(
              "the tail reads more of the layers than the last one's output: " + input);
        }
      }
      nodes.add(node);
    }
    TensorInfo tensor = tensors.get(logits);
    return new Result(
        new Tail(start, tensor, output, scope(tensor, nodes), tensor.width(), nodes), null);
  }

  private Scope scope(TensorInfo logits, List<NodeProto> nodes) {
    if (logits.rank() == 2) {
      return Scope.ROWS;
    }
    return nodes.stream().allMatch(this::isPerToken) ? Scope.TOKENS : Scope.SOME_TOKENS;
  }

  private boolean isPerToken(NodeProto node) {
    if (node.getOpType().startsWith("Reduce")) {
      long[] axes = Integers.axes(graph, node);
      return axes != null && axes.length == 1 && (axes[0] == -1 || axes[0] == 2);
    }
    return !MIXES_TOKENS.contains(node.getOpType());
  }

  /** Why a node cannot be copied, or null. */
  private static @Nullable String refusal(NodeProto node) {
    if (Stream.concat(node.getInputList().stream(), node.getOutputList().stream())
        .anyMatch(Functions::isInside)) {
      return "the tail calls a function that the model defines";
    }
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attribute.hasG() || attribute.getGraphsCount() > 0) {
        return "the tail holds a subgraph: node " + node.getOpType();
      }
      if (isIncomplete(attribute)) {
        return "the tail holds a node with a large attribute: "
            + node.getOpType()
            + ", "
            + attribute.getName();
      }
    }
    return null;
  }

  /** Whether a payload was left out when the model was read. */
  private static boolean isIncomplete(AttributeProto attribute) {
    return switch (attribute.getType()) {
      case TENSOR -> Integers.of(attribute.getT()) == null;
      case INTS -> attribute.getIntsCount() == 0;
      case FLOATS -> attribute.getFloatsCount() == 0;
      case STRINGS -> attribute.getStringsCount() == 0;
      case STRING -> !attribute.hasS();
      default -> false;
    };
  }
}
