package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.OutputConfidence.Disagreement;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Position;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How sure the model's own answer is, float {@code [batch, columns]}. Of logits per token only the
 * one that is looked at is read: what other tokens hold never matters.
 */
final class ConfidenceGraph {
  /** The number of values that TopK gives is an input from here on. */
  private static final int TOP_K_INPUT = 10;

  /** The smallest normal number: added to a probability of 0, its logarithm is finite. */
  private static final float TINY = Float.MIN_NORMAL;

  private final Scope scope;
  private final OverlayGraph graph;

  ConfidenceGraph(Scope scope) {
    this.scope = scope;
    this.graph = scope.graph();
  }

  /** Why a confidence cannot be compiled, or null. */
  static @Nullable SignalRefusal refusal(Placed placed, Host host) {
    OutputConfidence confidence = (OutputConfidence) placed.signal();
    TensorInfo logits = placed.tap().tensor();
    TapPoint.Layout layout = placed.tap().layout();
    if (layout != TapPoint.Layout.ROWS && layout != TapPoint.Layout.TOKENS) {
      return Host.unsupported(
          confidence,
          "expected [batch, answers] or [batch, tokens, answers], found " + logits.shapeText());
    }
    Disagreement disagreement = confidence.disagreement();
    long needed = disagreement == null ? 2 : Math.max(2, disagreement.answer() + 1L);
    if (logits.width() >= 0 && logits.width() < needed) {
      return Host.unsupported(
          confidence, "expected at least " + needed + " answers, found " + logits.width());
    }
    if (layout == TapPoint.Layout.ROWS) {
      return null;
    }
    SignalRefusal refusal = host.tokensRefusal(confidence, placed.tap());
    if (refusal != null) {
      return refusal;
    }
    return switch (confidence.position().kind()) {
      case FIRST -> null;
      case LAST -> Host.unsupportedIf(confidence, TokenRows.refusal(Pooling.LAST, host.opset()));
      case TOKEN_ID -> host.idsRefusal(confidence, placed.tap());
    };
  }

  String values(Placed placed) {
    OutputConfidence confidence = (OutputConfidence) placed.signal();
    Position position = confidence.position();
    String logits = scope.activation(placed.tap()).tensor();
    if (!placed.tap().perToken()) {
      return values(confidence, logits);
    }
    if (position.kind() != Position.Kind.TOKEN_ID) {
      TokenRows rows = scope.real(placed).rows();
      boolean first = position.kind() == Position.Kind.FIRST;
      return values(confidence, at(first ? rows.first() : rows.last(), logits));
    }
    Scope.Tokens tokens = scope.ofId(placed, position.tokenId());
    String values = values(confidence, at(tokens.rows().first(), logits));
    String found = graph.node("Greater", List.of(tokens.mask().count(), graph.constant(0)));
    return graph.node("Where", List.of(found, values, graph.constant(Float.NaN)));
  }

  /** Of logits per token those of one token of each row: {@code [batch, answers]}. */
  private String at(String oneOfEach, String logits) {
    // A product would read the logits of all tokens, which are many numbers where words are told.
    String flags = graph.node("Reshape", List.of(oneOfEach, graph.longs(new long[] {-1}, 1)));
    String indices = graph.squeeze(graph.node("NonZero", List.of(flags)), 0);
    String flat = graph.node("Flatten", List.of(logits), OverlayGraph.integer("axis", 2));
    return graph.node("Gather", List.of(flat, indices), OverlayGraph.integer("axis", 0));
  }

  private String values(OutputConfidence confidence, String logits) {
    String tempered =
        confidence.temperature() == 1
            ? logits
            : graph.node("Div", List.of(logits, graph.constant((float) confidence.temperature())));
    String probabilities =
        graph.node("Softmax", List.of(tempered), OverlayGraph.integer("axis", 1));
    String logs =
        graph.node("Log", List.of(graph.node("Add", List.of(probabilities, graph.constant(TINY)))));
    String surprise = graph.node("Mul", List.of(probabilities, logs));
    List<String> terms = new ArrayList<>();
    terms.add(largestTwo(probabilities));
    terms.add(graph.reduce("ReduceSum", surprise, 1, true));
    Disagreement disagreement = confidence.disagreement();
    if (disagreement != null) {
      terms.add(
          graph.node(
              "Gather",
              List.of(probabilities, graph.longs(new long[] {disagreement.answer()}, 1)),
              OverlayGraph.integer("axis", 1)));
    }
    // Columns: the largest, the largest less the second, the sum with its sign turned, the answer.
    float[] columns = {1, 1, 0, 0, 0, -1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1};
    float[] three = {1, 1, 0, 0, -1, 0, 0, 0, -1};
    String combine = disagreement == null ? graph.floats(three, 3, 3) : graph.floats(columns, 4, 4);
    return graph.node("MatMul", List.of(graph.concat(terms, 1), combine));
  }

  private String largestTwo(String probabilities) {
    return graph.opset() >= TOP_K_INPUT
        ? graph.firstOfTwo(
            "TopK",
            List.of(probabilities, graph.longs(new long[] {2}, 1)),
            OverlayGraph.integer("axis", 1))
        : graph.firstOfTwo(
            "TopK",
            List.of(probabilities),
            OverlayGraph.integer("axis", 1),
            OverlayGraph.integer("k", 2));
  }
}
