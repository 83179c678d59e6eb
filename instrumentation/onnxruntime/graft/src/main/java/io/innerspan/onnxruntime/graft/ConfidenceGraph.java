package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.OutputConfidence.Disagreement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How sure the model's own answer is, float {@code [batch, columns]}. Of logits per token only the
 * one that is looked at is read: what other tokens hold never matters.
 */
final class ConfidenceGraph {
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
    return OneToken.refusal(confidence, confidence.position(), placed.tap(), host);
  }

  String values(Placed placed) {
    OutputConfidence confidence = (OutputConfidence) placed.signal();
    String logits = scope.activation(placed.tap()).tensor();
    if (!placed.tap().perToken()) {
      return values(confidence, logits);
    }
    OneToken token = new OneToken(scope, placed, confidence.position());
    return token.orNone(values(confidence, token.of(logits)));
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
    terms.add(TopValues.of(graph, probabilities, 2, 1, 2).values());
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
}
