package io.innerspan.onnxruntime.graft;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which tokens are real, computed once from the attention mask in the forms that signals need. */
final class TokenMask {
  private final OverlayGraph graph;
  private final TensorInfo mask;
  private @Nullable String real;
  private @Nullable String weights;
  private @Nullable String count;
  private @Nullable String ordinal;

  /**
   * @param mask the model's input, {@code [batch, tokens]}, zero for padding
   */
  TokenMask(OverlayGraph graph, TensorInfo mask) {
    this.graph = graph;
    this.mask = mask;
  }

  String input() {
    return mask.name();
  }

  /** Whether a token is real: bool {@code [batch, tokens]}. */
  String real() {
    if (real == null) {
      real =
          mask.type() == ElementType.BOOL ? mask.name() : graph.cast(mask.name(), ElementType.BOOL);
    }
    return real;
  }

  /** 1 for a real token, 0 for padding: float {@code [batch, tokens]}. */
  String weights() {
    if (weights == null) {
      weights = graph.cast(real(), ElementType.FLOAT);
    }
    return weights;
  }

  /** The number of real tokens: float {@code [batch, 1]}. */
  String count() {
    if (count == null) {
      count = graph.reduce("ReduceSum", weights(), 1, true);
    }
    return count;
  }

  /**
   * How many real tokens there are up to each token, itself included: float {@code [batch,
   * tokens]}.
   */
  String ordinal() {
    if (ordinal == null) {
      ordinal = graph.node("CumSum", List.of(weights(), graph.longs(new long[] {1})));
    }
    return ordinal;
  }

  /** The number of tokens with padding: a scalar integer. */
  String length() {
    String shape = graph.node("Shape", List.of(mask.name()));
    return graph.node("Gather", List.of(shape, graph.longs(new long[] {1})));
  }
}
