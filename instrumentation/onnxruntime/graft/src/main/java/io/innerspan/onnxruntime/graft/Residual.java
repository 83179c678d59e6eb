package io.innerspan.onnxruntime.graft;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One addition to the residual stream.
 *
 * @param stream the stream before it
 * @param branch what is added, or null when a fused operator adds a bias to it first
 * @param mlp what a feed-forward branch beside the attention adds at once, or null
 * @param sum the stream after it, or null when a fused operator keeps it to itself
 * @param normalized the normalised sum, or null when no normalisation follows
 * @param attention whether the branch attends; otherwise it is a feed-forward one
 * @param patterns the branch's attention probabilities
 */
record Residual(
    String stream,
    @Nullable String branch,
    @Nullable String mlp,
    @Nullable String sum,
    @Nullable String normalized,
    boolean attention,
    List<String> patterns) {

  /** Whether the next addition goes on from the normalised sum, as in a post-LN model. */
  boolean feedsNormalized(Residual next, GraphIndex graph) {
    return normalized != null && graph.canonical(next.stream()).equals(graph.canonical(normalized));
  }

  /** Whether the next addition goes on from the sum itself, as in a pre-LN model. */
  boolean feedsSum(Residual next, GraphIndex graph) {
    return sum != null && graph.canonical(next.stream()).equals(graph.canonical(sum));
  }
}
