package io.innerspan.onnxruntime.graft;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One transformer layer, by the names of its tensors: attention sublayers, then feed-forward ones,
 * each added to the residual stream.
 *
 * @param index the layer's number from 0
 * @param input the residual stream before the layer
 * @param attentionOut what the last attention sublayer adds to the stream
 * @param attentionSum the stream after attention, or null when a fused operator hides it
 * @param mlpOut what the last feed-forward sublayer adds, or null in a layer without one
 * @param sum the stream after the last sublayer, before any normalisation, or null when a fused
 *     operator hides it
 * @param normalized the normalised sum when the model normalises after each addition (post-LN), or
 *     null in a pre-LN model
 * @param patterns attention probabilities, {@code [batch, heads, queries, keys]} each
 */
public record Layer(
    int index,
    String input,
    String attentionOut,
    @Nullable String attentionSum,
    @Nullable String mlpOut,
    @Nullable String sum,
    @Nullable String normalized,
    List<String> patterns) {
  public Layer {
    patterns = List.copyOf(patterns);
  }
}
