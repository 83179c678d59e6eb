package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.TokenSelection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which tokens are real, computed once from the attention mask in the forms that signals need. */
final class TokenMask {
  /**
   * A tensor whose first dimension is the batch.
   *
   * @param axes the dimensions that count tokens or positions together
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Like(String tensor, int[] axes) {}

  private final OverlayGraph graph;
  private final TokenSource source;
  private final Like like;
  private @Nullable String real;
  private @Nullable String weights;
  private @Nullable String count;
  private @Nullable String ordinal;
  private @Nullable String sizes;
  private @Nullable String length;
  private boolean selected;

  /**
   * @param source what tells real tokens from padding
   * @param like a tensor of the same tokens
   */
  TokenMask(OverlayGraph graph, TokenSource source, Like like) {
    this.graph = graph;
    this.source = source;
    this.like = like;
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
    TokenMask some = new TokenMask(graph, source, like);
    some.real = real;
    some.weights = some.oneOrZero(real);
    some.sizes = sizes;
    some.selected = true;
    return some;
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

  /** Whether all tokens are these: there is no padding, and none is excluded. */
  boolean isEvery() {
    return source.mask() == null && !selected;
  }

  /** Whether a row with real tokens may have none of these. */
  boolean selected() {
    return selected;
  }

  /** Whether a token is real: bool {@code [batch, tokens]}. */
  String real() {
    if (real == null) {
      TensorInfo mask = source.mask();
      if (mask == null) {
        real = graph.node("Greater", List.of(weights(), graph.constant(0)));
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
              : oneOrZero(real());
    }
    return weights;
  }

  /** Not by a Cast: ONNX Runtime warns of a branch that reads what goes in and what comes out. */
  private String oneOrZero(String condition) {
    return graph.node("Where", List.of(condition, graph.constant(1), graph.constant(0)));
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
    if (length == null) {
      length = graph.node("Gather", List.of(sizes(), graph.longs(new long[] {1})));
    }
    return length;
  }

  /** The number of rows: a scalar integer. */
  String rows() {
    return graph.node("Gather", List.of(sizes(), graph.longs(new long[] {0})));
  }

  /** Batch and tokens: two integers. */
  private String sizes() {
    if (sizes == null) {
      TensorInfo mask = source.mask();
      sizes =
          // Not of the mask itself, for the reason given below.
          mask == null || source.last() ? sizes(like.tensor(), like.axes()) : sizes(real(), 1);
    }
    return sizes;
  }

  private String sizes(String tensor, int... axes) {
    String shape = graph.node("Shape", List.of(tensor));
    if (axes.length == 1) {
      return graph.node("Gather", List.of(shape, graph.longs(new long[] {0, axes[0]}, 2)));
    }
    String positions = size(shape, axes[0]);
    for (int i = 1; i < axes.length; i++) {
      positions = graph.node("Mul", List.of(positions, size(shape, axes[i])));
    }
    return graph.concat(List.of(size(shape, 0), positions), 0);
  }

  private String size(String shape, long axis) {
    return graph.node("Gather", List.of(shape, graph.longs(new long[] {axis}, 1)));
  }

  /** The last columns of a mask, as many as the activation has tokens. */
  private String lastOf(String mask) {
    String second = graph.longs(new long[] {1}, 1);
    String all = size(graph.node("Shape", List.of(mask)), 1);
    String tokens = graph.node("Gather", List.of(sizes(), second));
    String from = graph.node("Sub", List.of(all, tokens));
    return graph.node("Slice", List.of(mask, from, all, second));
  }
}
