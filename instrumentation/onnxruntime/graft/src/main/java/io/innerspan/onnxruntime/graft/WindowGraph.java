package io.innerspan.onnxruntime.graft;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens lie in the window that ends at each token, counting real tokens only: padding on
 * either side, and between, takes no place. Needs operator set {@value #OPERATOR_SET}.
 */
final class WindowGraph {
  /** CumSum exists from here on. */
  static final int OPERATOR_SET = 11;

  private final OverlayGraph graph;
  private final TokenMask mask;
  private @Nullable String distance;
  private @Nullable String past;

  WindowGraph(OverlayGraph graph, TokenMask mask) {
    this.graph = graph;
    this.mask = mask;
  }

  /** How many real tokens after token k token j is, float {@code [batch, j, k]}. */
  String distance() {
    if (distance == null) {
      distance =
          graph.node(
              "Sub",
              List.of(graph.unsqueeze(mask.ordinal(), 2), graph.unsqueeze(mask.ordinal(), 1)));
    }
    return distance;
  }

  /** Whether token k is real and not after token j: bool {@code [batch, j, k]}. */
  String past() {
    if (past == null) {
      String future = graph.node("Less", List.of(distance(), graph.constant(0)));
      past =
          graph.node(
              "And", List.of(graph.node("Not", List.of(future)), graph.unsqueeze(mask.real(), 1)));
    }
    return past;
  }

  /** Whether token k is in the window that ends at token j: bool {@code [batch, j, k]}. */
  String within(float window) {
    String near = graph.node("Less", List.of(distance(), graph.constant(window)));
    return graph.node("And", List.of(past(), near));
  }

  /**
   * Whether a whole window ends at a token: bool {@code [batch, tokens]}. A row that is shorter
   * than the window has one, of all its tokens.
   */
  String ends(float window) {
    String tooEarly = graph.node("Less", List.of(mask.ordinal(), width(window)));
    return graph.node("And", List.of(mask.real(), graph.node("Not", List.of(tooEarly))));
  }

  /** The smaller of a window and a row's count of real tokens: float {@code [batch, 1]}. */
  String width(float window) {
    String limit = graph.constant(window);
    String fewer = graph.node("Less", List.of(mask.count(), limit));
    return graph.node("Where", List.of(fewer, mask.count(), limit));
  }
}
