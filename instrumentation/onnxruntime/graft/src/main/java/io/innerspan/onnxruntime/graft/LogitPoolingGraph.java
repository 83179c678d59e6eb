package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.Pooling;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes one logit {@code [batch, n]} of those of the real tokens of each row, float {@code [batch,
 * tokens, n]}; padding on either side, and between, never takes part.
 *
 * <p>For what depends on the tokens' order, real tokens are moved together first; nothing takes
 * memory that grows with the square of a text's length, but for one number per {@value #BLOCK}
 * times {@value #BLOCK} tokens. A row without real tokens gives a value that means nothing.
 */
final class LogitPoolingGraph {
  /** So many logits are added to a text's, lest there be too few, sooner than it is measured. */
  private static final int FEW = 64;

  /** Before, Softmax means the same in every operator set along the last axis only. */
  private static final int SOFTMAX_OF_ONE_AXIS = 13;

  /** Tokens whose moving average is one product; then the blocks' own are joined. */
  private static final int BLOCK = 64;

  private static final float INFINITY = Float.POSITIVE_INFINITY;

  private final OverlayGraph graph;
  private final TokenMask mask;
  private final WindowGraph windows;
  private final String logits;
  private @Nullable String among;
  private @Nullable String masked;

  /**
   * @param logits those of all probes, with their biases: {@code [batch, tokens, n]}
   */
  LogitPoolingGraph(OverlayGraph graph, Scope.Tokens tokens, String logits) {
    this.graph = graph;
    this.mask = tokens.mask();
    this.windows = tokens.windows();
    this.logits = logits;
  }

  /** Why a pooling cannot be expressed in a model's operator set, or null. */
  static @Nullable String refusal(Pooling pooling, long opset) {
    int needed =
        switch (pooling.kind()) {
          case EMA, ROLLING_MAX -> WindowGraph.OPERATOR_SET;
          case TOP_K_MEAN -> TopValues.COUNT_INPUT;
          case MEAN, LAST, CLS, MAX, SOFTMAX -> 0;
        };
    return opset >= needed
        ? null
        : "pooling " + pooling + " needs operator set " + needed + ", the model has " + opset;
  }

  /**
   * The logits of some probes, pooled.
   *
   * @param own takes those probes' logits from among all
   */
  String pool(Pooling pooling, UnaryOperator<String> own) {
    return switch (pooling.kind()) {
      case MAX -> graph.reduce("ReduceMax", own.apply(masked()), 1, false);
      case SOFTMAX -> softmax(own, (float) pooling.parameter());
      case TOP_K_MEAN -> topKMean(own.apply(masked()), (long) pooling.parameter());
      case ROLLING_MAX -> rollingMax(own.apply(logits), (long) pooling.parameter());
      case EMA -> ema(own.apply(logits), pooling.parameter());
      case MEAN, LAST, CLS ->
          throw new IllegalArgumentException(pooling + " pools activations, not logits");
    };
  }

  /** Minus infinity for a token that does not take part. */
  private String masked() {
    if (masked == null) {
      masked = masked(graph, among(), logits);
    }
    return masked;
  }

  /** Whether a token takes part: bool {@code [batch, tokens, 1]}. */
  private String among() {
    if (among == null) {
      among = graph.unsqueeze(mask.real(), 2);
    }
    return among;
  }

  private static String masked(OverlayGraph graph, String among, String perToken) {
    return graph.node("Where", List.of(among, perToken, graph.constant(-INFINITY)));
  }

  /** The greatest among some tokens of {@code [batch, tokens, n]}: {@code [batch, n]}. */
  static String greatest(OverlayGraph graph, String among, String perToken) {
    String masked = masked(graph, graph.unsqueeze(among, 2), perToken);
    return graph.reduce("ReduceMax", masked, 1, false);
  }

  private String softmax(UnaryOperator<String> own, float temperature) {
    String tempered = graph.node("Div", List.of(own.apply(masked()), graph.constant(temperature)));
    // Nothing times minus infinity would be no number.
    String values = graph.node("Where", List.of(among(), own.apply(logits), graph.constant(0)));
    String weighted = graph.node("Mul", List.of(overTokens(tempered), values));
    return graph.reduce("ReduceSum", weighted, 1, false);
  }

  private String overTokens(String own) {
    if (graph.opset() >= SOFTMAX_OF_ONE_AXIS) {
      return graph.node("Softmax", List.of(own), OverlayGraph.integer("axis", 1));
    }
    String rows = graph.tokensLast(own);
    String weights = graph.node("Softmax", List.of(rows), OverlayGraph.integer("axis", 2));
    return graph.tokensLast(weights); // Back again.
  }

  private String topKMean(String own, long k) {
    String count = graph.longs(new long[] {k}, 1);
    String enough = own;
    if (k <= FEW) {
      enough = graph.pad(own, new long[] {0, 0, 0, 0, k, 0}, -INFINITY);
    } else {
      count = graph.smaller(graph.unsqueeze(mask.length(), 0), count);
    }
    String top = TopValues.of(graph, enough, count, 1, 3).values();
    String real = graph.node("Greater", List.of(top, graph.constant(-INFINITY)));
    String values = graph.node("Where", List.of(real, top, graph.constant(0)));
    String sum = graph.reduce("ReduceSum", values, 1, false);
    return graph.node("Div", List.of(sum, windows.width((float) k)));
  }

  private String rollingMax(String logits, long window) {
    // Differences of running sums. In single precision those of a long text have too few digits.
    String together = graph.cast(windows.together(graph, logits), ElementType.DOUBLE);
    String second = graph.longs(new long[] {1}, 1);
    String sums = graph.node("CumSum", List.of(together, graph.longs(new long[] {1})));
    String length = graph.unsqueeze(windows.length(), 0);
    String limit = graph.longs(new long[] {window}, 1);
    String shift = graph.smaller(length, limit);
    String zero = graph.longs(new long[] {0}, 1);
    String pads = graph.concat(List.of(zero, shift, graph.longs(new long[4], 4)), 0);
    String later = graph.node("Pad", List.of(sums, pads));
    String before = graph.node("Slice", List.of(later, zero, length, second));
    String within = graph.cast(graph.node("Sub", List.of(sums, before)), ElementType.FLOAT);
    String width = graph.unsqueeze(windows.width(window), 2);
    String means = graph.node("Div", List.of(within, width));
    return greatest(graph, windows.endsTogether(window), means);
  }

  /**
   * Each block's moving average as if nothing came before it, a product with a matrix {@code
   * [block, block]}, and what the average was when the block began, faded.
   */
  private String ema(String logits, double alpha) {
    String length = windows.length();
    String block = graph.longs(new long[] {BLOCK});
    String most = graph.node("Add", List.of(length, graph.longs(new long[] {BLOCK - 1})));
    String blocks = graph.node("Div", List.of(most, block));
    String padded = graph.node("Mul", List.of(blocks, block));
    String missing = graph.unsqueeze(graph.node("Sub", List.of(padded, length)), 0);
    String rows = graph.tokensLast(windows.together(graph, logits));
    String pads = graph.concat(List.of(graph.longs(new long[5], 5), missing), 0);
    String whole = graph.node("Pad", List.of(rows, pads));
    String same = graph.longs(new long[2], 2);
    String size = graph.longs(new long[] {BLOCK}, 1);
    String folded = graph.concat(List.of(same, graph.unsqueeze(blocks, 0), size), 0);
    whole = graph.node("Reshape", List.of(whole, folded)); // [batch, n, blocks, block]
    String own = graph.node("MatMul", List.of(whole, graph.floats(fading(alpha), BLOCK, BLOCK)));
    String before = graph.unsqueeze(atBeginnings(own, blocks, alpha), 3);
    String rest = graph.node("Mul", List.of(before, graph.floats(left(alpha), BLOCK)));
    String flat = graph.concat(List.of(same, graph.unsqueeze(padded, 0)), 0);
    String each = graph.node("Reshape", List.of(graph.node("Add", List.of(own, rest)), flat));
    String zero = graph.longs(new long[] {0}, 1);
    String third = graph.longs(new long[] {2}, 1);
    each = graph.node("Slice", List.of(each, zero, graph.unsqueeze(length, 0), third));
    String among = graph.unsqueeze(windows.taken(), 1);
    String real = graph.node("Where", List.of(among, each, graph.constant(-INFINITY)));
    return graph.reduce("ReduceMax", real, 2, false);
  }

  /** The moving average before each block, {@code [batch, n, blocks]}, of each block's own. */
  private String atBeginnings(String own, String blocks, double alpha) {
    String last = graph.longs(new long[] {BLOCK - 1});
    String ends = graph.node("Gather", List.of(own, last), OverlayGraph.integer("axis", 3));
    String zero = graph.longs(new long[] {0});
    String one = graph.longs(new long[] {1});
    String count = graph.cast(graph.node("Range", List.of(zero, blocks, one)), ElementType.FLOAT);
    String next = graph.node("Add", List.of(graph.unsqueeze(count, 1), graph.constant(1)));
    String between = graph.node("Sub", List.of(graph.unsqueeze(count, 0), next));
    String faded =
        graph.node(
            "Pow", List.of(graph.constant((float) StrictMath.pow(1 - alpha, BLOCK)), between));
    String later = graph.node("Less", List.of(between, graph.constant(0)));
    String carried = graph.node("Where", List.of(later, graph.constant(0), faded));
    return graph.node("MatMul", List.of(ends, carried));
  }

  /** What a logit (row) adds to the average at each token of its block (column). */
  private static float[] fading(double alpha) {
    float[] weights = new float[BLOCK * BLOCK];
    for (int from = 0; from < BLOCK; from++) {
      for (int to = from; to < BLOCK; to++) {
        weights[from * BLOCK + to] = (float) (alpha * StrictMath.pow(1 - alpha, to - from));
      }
    }
    return weights;
  }

  /** How much of the average before a block is left at each of its tokens. */
  private static float[] left(double alpha) {
    float[] left = new float[BLOCK];
    for (int token = 0; token < BLOCK; token++) {
      left[token] = (float) StrictMath.pow(1 - alpha, token + 1);
    }
    return left;
  }
}
