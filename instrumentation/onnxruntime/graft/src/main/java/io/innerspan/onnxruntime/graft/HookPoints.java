package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.NormMatcher.Norm;
import io.innerspan.onnxruntime.graft.TapPoint.Safety;
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
 * BertBlock}; a probe imported under the wrong one of the two would read another tensor.
 *
 * <p>What a tap does to ONNX Runtime's fusions was measured on versions 1.12 to 1.29; see the
 * design notes on safe tensors.
 */
final class HookPoints {
  private static final String STREAM = "residual stream: the optimised graph stays the same";
  private static final String BEFORE_NORM =
      "sum before a normalisation: with fixed dimensions the fused SkipLayerNormalization is lost";

  private final Tensors tensors;
  private final NormMatcher norms;
  private final Map<String, TapPoint> byName = new LinkedHashMap<>();

  private HookPoints(Tensors tensors, NormMatcher norms) {
    this.tensors = tensors;
    this.norms = norms;
  }

  /** The places by TransformerLens name, layer by layer. */
  static Map<String, TapPoint> of(List<Layer> layers, Tensors tensors, NormMatcher norms) {
    HookPoints points = new HookPoints(tensors, norms);
    for (Layer layer : layers) {
      points.add(layer, layer.index() == layers.size() - 1);
    }
    return points.byName;
  }

  private void add(Layer layer, boolean last) {
    boolean postNorm = layer.normalized() != null;
    String block = "blocks." + layer.index() + ".";
    add(block + "hook_resid_pre", layer.input(), Safety.SAFE, STREAM);
    if (layer.patterns().size() == 1) {
      add(
          block + "attn.hook_pattern",
          layer.patterns().get(0),
          Safety.CAUTION,
          "attention probabilities: a fused Attention is lost where the model has one");
    }
    String branch = "what is added to the stream: a fused bias or SkipLayerNormalization may go";
    add(block + "hook_attn_out", layer.attentionOut(), Safety.CAUTION, branch);
    if (layer.mlpOut() != null) {
      addSum(block + "hook_resid_mid", layer.attentionSum(), postNorm);
      add(block + "hook_mlp_out", layer.mlpOut(), Safety.CAUTION, branch);
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
        "the layer's output: the optimised graph stays the same");
  }

  private void addSum(String name, @Nullable String sum, boolean postNorm) {
    if (postNorm) {
      add(name, sum, Safety.CAUTION, BEFORE_NORM);
    } else {
      add(name, sum, Safety.SAFE, STREAM);
    }
  }

  private void addLastSum(String name, @Nullable String sum) {
    Norm norm = sum == null ? null : norms.after(sum);
    if (norm == null) {
      add(name, sum, Safety.SAFE, STREAM);
    } else {
      String advice = "; tap the final normalisation instead: " + norm.output();
      add(name, sum, Safety.CAUTION, "last sum: SkipLayerNormalization is lost" + advice);
    }
  }

  private void add(String name, @Nullable String tensor, Safety safety, String note) {
    if (tensor != null) {
      byName.put(name, TapPoint.of(new HookPoint(name), tensors.get(tensor), safety, note));
    }
  }
}
