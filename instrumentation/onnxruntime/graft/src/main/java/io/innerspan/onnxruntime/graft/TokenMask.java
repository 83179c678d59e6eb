package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.TokenSelection;
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
  private boolean selected;

  /**
   * @param mask the model's input, {@code [batch, tokens]}, zero for padding
   */
  TokenMask(OverlayGraph graph, TensorInfo mask) {
    this.graph = graph;
    this.mask = mask;
  }

  /** Of these tokens those whose ids are not excluded. */
  TokenMask without(TensorInfo ids, TokenSelection selection) {
    long[] excluded = selection.excludedIds().stream().mapToLong(Long::longValue).toArray();
    String taken = graph.node("Not", List.of(among(ids, excluded)));
    return selected(graph.node("And", List.of(real(), taken)));
  }

  /** Of these tokens those of one id. */
  TokenMask only(TensorInfo ids, long id) {
    return selected(graph.node("And", List.of(real(), among(ids, id))));
  }

  private TokenMask selected(String real) {
    TokenMask selected = new TokenMask(graph, mask);
    selected.real = real;
    selected.selected = true;
    return selected;
  }

  /** Whether a token's id is one of some: bool {@code [batch, tokens]}. */
  private String among(TensorInfo ids, long... some) {
    String longs =
        ids.type() == ElementType.INT64 ? ids.name() : graph.cast(ids.name(), ElementType.INT64);
    if (some.length == 1) {
      return graph.node("Equal", List.of(longs, graph.longs(some, 1)));
    }
    String each = graph.unsqueeze(longs, 2);
    String equal = graph.node("Equal", List.of(each, graph.longs(some, some.length)));
    String found = graph.reduce("ReduceMax", graph.cast(equal, ElementType.FLOAT), 2, false);
    return graph.cast(found, ElementType.BOOL);
  }

  /** Whether a row with real tokens may have none of these. */
  boolean selected() {
    return selected;
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
