package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.Signal;
import java.util.ArrayList;
import java.util.List;

/** Statistics of activations: one value per token each, all averaged by one product. */
final class SummaryGraph {
  private final Scope scope;
  private final OverlayGraph graph;

  SummaryGraph(Scope scope) {
    this.scope = scope;
    this.graph = scope.graph();
  }

  /**
   * @param summaries at least one
   */
  List<Part> values(List<Placed> summaries) {
    List<Signal> perToken = new ArrayList<>();
    List<String> ofTokens = new ArrayList<>();
    List<Signal> whole = new ArrayList<>();
    List<String> ofRows = new ArrayList<>();
    for (Placed placed : summaries) {
      Activation activation = scope.activation(placed.tap());
      (activation.perToken() ? perToken : whole).add(placed.signal());
      List<String> values = activation.perToken() ? ofTokens : ofRows;
      values.addAll(statistics((ActivationSummary) placed.signal(), activation));
    }
    List<Part> parts = new ArrayList<>();
    if (!perToken.isEmpty()) {
      String mean =
          graph.node("MatMul", List.of(scope.tokens().rows().mean(), graph.concat(ofTokens, 2)));
      parts.add(new Part(perToken, graph.squeeze(mean, 1)));
    }
    if (!whole.isEmpty()) {
      parts.add(new Part(whole, graph.concat(ofRows, 1)));
    }
    return parts;
  }

  /** Each {@code [batch, tokens, 1]}, or {@code [batch, 1]}. */
  private List<String> statistics(ActivationSummary summary, Activation activation) {
    int width = activation.perToken() ? 2 : 1;
    return List.of(graph.reduce("ReduceL2", activation.tensor(), width, true));
  }
}
