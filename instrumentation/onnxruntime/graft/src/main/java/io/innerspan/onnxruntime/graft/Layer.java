package io.innerspan.onnxruntime.graft;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One transformer layer, by the names of its tensors: attention sublayers, then feed-forward ones,
 * each added to the residual stream.
 *
 * @param block what the names of its hook points begin with: {@code blocks.0}; {@code encoder.0}
 *     and {@code decoder.0} in an encoder–decoder; {@code stacks.0.blocks.0} in a model of several
 *     stacks that are none
 * @param index the layer's number within its stack from 0
 * @param input the residual stream before the layer
 * @param attentionOut what self-attention adds to the stream, or null when a fused operator adds
 *     its bias
 * @param attentionSum the stream after self-attention, or null when a fused operator hides it and
 *     in a layer that adds attention and feed-forward at once
 * @param crossOut what cross-attention adds, or null in a layer without it
 * @param crossSum the stream after cross-attention, or null
 * @param mlpOut what the last feed-forward sublayer adds, or null in a layer without one
 * @param mlpPost what the feed-forward sublayer's last product reads, or null
 * @param sum the stream after the last sublayer, before any normalisation, or null when a fused
 *     operator hides it
 * @param normalized the normalised sum when the model normalises after each addition (post-LN), or
 *     null in a pre-LN model
 * @param patterns self-attention probabilities, {@code [batch, heads, queries, keys]} each; none
 *     when a fused operator keeps them
 * @param crossPatterns cross-attention probabilities
 */
public record Layer(
    String block,
    int index,
    String input,
    @Nullable String attentionOut,
    @Nullable String attentionSum,
    @Nullable String crossOut,
    @Nullable String crossSum,
    @Nullable String mlpOut,
    @Nullable String mlpPost,
    @Nullable String sum,
    @Nullable String normalized,
    List<String> patterns,
    List<String> crossPatterns) {
  public Layer {
    patterns = List.copyOf(patterns);
    crossPatterns = List.copyOf(crossPatterns);
  }

  /** The layer's output: normalised in a post-LN model; null when a fused operator hides it. */
  public @Nullable String output() {
    return normalized != null ? normalized : sum;
  }
}
