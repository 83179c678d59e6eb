package io.innerspan.onnxruntime.graft;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which tokens are real, computed once from the attention mask in the forms that signals need. */
final class TokenMask {
  private final OverlayGraph graph;
  private final TokenSource source;
  private final String like;
  private final int axis;
  private @Nullable String real;
  private @Nullable String weights;
  private @Nullable String count;
  private @Nullable String ordinal;
  private @Nullable String sizes;

  /**
   * @param source what tells real tokens from padding
   * @param like an activation of the same tokens
   * @param axis the dimension of the activation that counts tokens; the first one is the batch
   */
  TokenMask(OverlayGraph graph, TokenSource source, String like, int axis) {
    this.graph = graph;
    this.source = source;
    this.like = like;
    this.axis = axis;
  }

  /** What two activations have in common that share a mask. */
  static List<Object> key(TokenSource source, String like) {
    return source.mask() != null && !source.last() ? List.of(source) : List.of(source, like);
  }

  /** Whether a token is real: bool {@code [batch, tokens]}. */
  String real() {
    if (real == null) {
      TensorInfo mask = source.mask();
      if (mask == null) {
        real = graph.cast(weights(), ElementType.BOOL);
      } else {
        String own = source.last() ? lastOf(mask.name()) : mask.name();
        real = mask.type() == ElementType.BOOL ? own : graph.cast(own, ElementType.BOOL);
      }
    }
    return real;
  }

  /** 1 for a real token, 0 for padding: float {@code [batch, tokens]}. */
  String weights() {
    if (weights == null) {
      weights =
          source.mask() == null
              ? graph.node("ConstantOfShape", List.of(sizes()), OverlayGraph.oneFloat("value", 1))
              : graph.cast(real(), ElementType.FLOAT);
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
    return graph.node("Gather", List.of(sizes(), graph.longs(new long[] {1})));
  }

  /** Batch and tokens: two integers. */
  private String sizes() {
    if (sizes == null) {
      TensorInfo mask = source.mask();
      String counted = mask == null || source.last() ? like : mask.name();
      String shape = graph.node("Shape", List.of(counted));
      String pair = graph.longs(new long[] {0, counted.equals(like) ? axis : 1}, 2);
      sizes = graph.node("Gather", List.of(shape, pair));
    }
    return sizes;
  }

  /** The last columns of a mask, as many as the activation has tokens. */
  private String lastOf(String mask) {
    String second = graph.longs(new long[] {1}, 1);
    String all = graph.node("Gather", List.of(graph.node("Shape", List.of(mask)), second));
    String tokens = graph.node("Gather", List.of(sizes(), second));
    String from = graph.node("Sub", List.of(all, tokens));
    return graph.node("Slice", List.of(mask, from, all, second));
  }
}
