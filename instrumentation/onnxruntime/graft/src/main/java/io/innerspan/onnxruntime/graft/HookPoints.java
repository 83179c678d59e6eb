package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.NormMatcher.Norm;
import io.innerspan.onnxruntime.graft.TapPoint.Layout;
import io.innerspan.onnxruntime.graft.TapPoint.Safety;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.signals.HookPoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names the places of each layer as TransformerLens does.
 *
 * <p>In a post-LN model {@code hook_resid_post} is the sum before the layer's second normalisation
 * and {@code hook_normalized_resid_post} the layer's output, as in TransformerLens' {@code
 * BertBlock}; a probe imported under the wrong one of the two would read another tensor. For the
 * same reason {@code ln_final.hook_normalized} is named only where it is a LayerNorm's output: of a
 * root-mean-square normalisation TransformerLens means the value before the weights, which ONNX
 * models do not keep; its output is {@code ln_final.hook_out}.
 *
 * <p>What a tap does to ONNX Runtime's fusions was measured on versions 1.12 to 1.29; see the
 * design notes on safe tensors.
 */
final class HookPoints {
  private static final String STREAM = "residual stream: the optimised graph stays the same";
  private static final String BEFORE_NORM =
      "sum before a normalisation: with fixed dimensions the fused SkipLayerNormalization is lost";
  private static final String BRANCH =
      "what is added to the stream: a fused bias or SkipLayerNormalization may go";
  private static final String FUSED_SUM = "a fused SkipLayerNormalization keeps the sum to itself";
  private static final String FUSED_BIAS = "a fused SkipLayerNormalization adds the bias itself";

  private final GraphIndex graph;
  private final Tensors tensors;
  private final NormMatcher norms;
  private final Layouts layouts;
  private final Map<String, TapPoint> byName = new LinkedHashMap<>();
  private final Map<String, String> missing = new LinkedHashMap<>();

  HookPoints(GraphIndex graph, Tensors tensors, NormMatcher norms, Layouts layouts) {
    this.graph = graph;
    this.tensors = tensors;
    this.norms = norms;
    this.layouts = layouts;
  }

  /** Names the places of stacks, layer by layer. */
  HookPoints add(List<Stack> stacks, EmbeddingFinder embeddings) {
    for (Stack stack : stacks) {
      if (stack == stacks.get(0)) {
        addEmbedding(stack, embeddings);
      }
      for (Layer layer : stack.layers()) {
        add(layer, layer == stack.last());
      }
      addFinalNorm(stack, finalNorm(stack.first().block()));
    }
    return this;
  }

  /** The place of the final normalisation of the stack whose first layer has the given name. */
  private static String finalNorm(String firstBlock) {
    int blocks = firstBlock.indexOf("blocks.");
    return blocks >= 0
        ? firstBlock.substring(0, blocks) + "ln_final"
        : firstBlock.substring(0, firstBlock.indexOf('.')) + "_final_ln";
  }

  /** The places by name, in order. */
  Map<String, TapPoint> byName() {
    return byName;
  }

  /** Why a place that other models have cannot be read in this one, or null. */
  @Nullable String missing(String name) {
    return missing.get(name);
  }

  private void addEmbedding(Stack stack, EmbeddingFinder embeddings) {
    boolean postNorm = stack.first().normalized() != null;
    add(
        postNorm ? "embed.hook_embed" : "hook_embed",
        embeddings.find(stack.first().input()),
        Safety.CAUTION,
        true,
        "embeddings of tokens alone: a fused EmbedLayerNormalization is lost");
  }

  private void add(Layer layer, boolean last) {
    boolean postNorm = layer.normalized() != null;
    String block = layer.block() + ".";
    add(block + "hook_resid_pre", layer.input(), Safety.SAFE, false, STREAM);
    addPattern(block + "attn.hook_pattern", layer.patterns());
    addBranch(block + "hook_attn_out", layer.attentionOut());
    boolean more = layer.attentionSum() == null || !layer.attentionSum().equals(layer.sum());
    boolean atOnce = layer.attentionSum() == null && layer.mlpOut() != null && layer.sum() != null;
    if (more && !atOnce) {
      addSum(block + "hook_resid_mid", layer.attentionSum(), postNorm);
    }
    if (layer.crossOut() != null) {
      addPattern(block + "cross_attn.hook_pattern", layer.crossPatterns());
      addBranch(block + "hook_cross_attn_out", layer.crossOut());
      addSum(block + "hook_resid_mid_cross", layer.crossSum(), postNorm);
    }
    add(
        block + "mlp.hook_post",
        layer.mlpPost(),
        Safety.SAFE,
        false,
        "output of the activation function: the optimised graph stays the same");
    if (more || layer.mlpOut() != null) {
      addBranch(block + "hook_mlp_out", layer.mlpOut());
    }
    if (last && !postNorm) {
      addLastSum(block + "hook_resid_post", layer.sum());
    } else {
      addSum(block + "hook_resid_post", layer.sum(), postNorm);
    }
    add(
        block + "hook_normalized_resid_post",
        layer.normalized(),
        Safety.SAFE,
        false,
        "the layer's output: the optimised graph stays the same");
  }

  private void addPattern(String name, List<String> patterns) {
    if (patterns.size() != 1) {
      missing.put(
          name,
          patterns.isEmpty()
              ? "a fused attention operator keeps its probabilities to itself"
              : "expected one softmax of all heads, found " + patterns.size());
      return;
    }
    String note = "attention probabilities: a fused Attention is lost where the model has one";
    TensorInfo tensor = tensors.get(patterns.get(0));
    put(name, TapPoint.of(new HookPoint(name), tensor, Layout.PATTERN, Safety.CAUTION, true, note));
  }

  private void addBranch(String name, @Nullable String branch) {
    if (branch == null) {
      missing.put(name, FUSED_BIAS);
    }
    add(name, branch, Safety.CAUTION, true, BRANCH);
  }

  private void addSum(String name, @Nullable String sum, boolean postNorm) {
    if (sum == null) {
      missing.put(name, FUSED_SUM);
    }
    if (postNorm) {
      add(name, sum, Safety.CAUTION, true, BEFORE_NORM);
    } else {
      add(name, sum, Safety.SAFE, false, STREAM);
    }
  }

  private void addLastSum(String name, @Nullable String sum) {
    Norm norm = sum == null ? null : norms.after(sum);
    if (norm == null) {
      addSum(name, sum, false);
    } else {
      String advice = "; tap the final normalisation instead: " + norm.output();
      add(name, sum, Safety.CAUTION, true, "last sum: SkipLayerNormalization is lost" + advice);
    }
  }

  private void addFinalNorm(Stack stack, String place) {
    String output = stack.finalNorm();
    if (output == null) {
      return;
    }
    boolean centred = isCentred(output, stack.last().sum());
    if (!centred) {
      missing.put(
          place + ".hook_normalized",
          "the value before the weights of a root-mean-square normalisation is not kept; its"
              + " output is "
              + place
              + ".hook_out");
    }
    add(
        place + (centred ? ".hook_normalized" : ".hook_out"),
        output,
        Safety.SAFE,
        false,
        "output of the final normalisation: the optimised graph stays the same");
  }

  private boolean isCentred(String output, @Nullable String sum) {
    Norm norm = sum == null ? null : norms.after(sum);
    NodeProto node = graph.producer(output);
    return norm == null
        ? node != null && node.getOpType().equals("SkipLayerNormalization")
        : norm.centred();
  }

  private void add(
      String name, @Nullable String tensor, Safety safety, boolean breaksFusion, String note) {
    if (tensor == null) {
      return;
    }
    Layout known = layouts.of(tensor);
    // The places in a layer are per token, also where an operator hides the shape.
    Layout layout = tensors.get(tensor).rank() < 0 ? Layout.TOKENS : known;
    boolean rounded = isQuantized(tensor);
    put(
        name,
        TapPoint.of(
            new HookPoint(name),
            tensors.get(tensor),
            layout,
            rounded ? Safety.CAUTION : safety,
            rounded || breaksFusion,
            rounded ? "rounded to 8 bits right after: a fused operator may be lost" : note));
  }

  private void put(String name, TapPoint point) {
    if (Functions.isInside(point.tensor().name())) {
      missing.put(name, "inside a function that the model defines, where tensors have no names");
      return;
    }
    missing.remove(name);
    byName.put(name, point);
  }

  private boolean isQuantized(String tensor) {
    return graph.consumerPositions(tensor).stream()
        .anyMatch(position -> graph.node(position).getOpType().equals("QuantizeLinear"));
  }
}
