package io.innerspan.onnxruntime.graft;

import java.util.List;
import java.util.stream.LongStream;

/** What is told of each layer's answer, of all layers together. */
final class LensColumns {
  private static final int ANSWER_AXIS = 2;

  /** Instead of the logarithm of 0: times a probability of 0 it is 0. */
  private static final float LOG_ZERO = -1e38f;

  private final OverlayGraph graph;

  LensColumns(OverlayGraph graph) {
    this.graph = graph;
  }

  /**
   * The columns of a lens.
   *
   * @param layers what each layer would answer: logits, float {@code [layers, batch, answers]}
   * @param own the model's own logits, float {@code [batch, answers]}
   * @param answers how many there are
   * @param top how many of a layer's answers are told
   * @return float {@code [batch, layers * columns of a layer]}
   */
  String of(String layers, String own, long answers, int top) {
    String logs = logs(layers, ANSWER_AXIS);
    String probabilities = graph.node("Exp", List.of(logs));
    TopValues largest = TopValues.of(graph, layers, top, ANSWER_AXIS, 3);
    String perLayer =
        graph.concat(
            List.of(
                graph.cast(largest.indices(), ElementType.FLOAT),
                probabilities(largest.values(), probabilities),
                graph.node("Neg", List.of(sum(graph.node("Mul", List.of(probabilities, logs))))),
                divergence(own, logs),
                rank(layers, own, answers)),
            ANSWER_AXIS);
    String perRow =
        graph.node("Transpose", List.of(perLayer), OverlayGraph.integers("perm", 1, 0, 2));
    return graph.node("Flatten", List.of(perRow), OverlayGraph.integer("axis", 1));
  }

  private String logs(String logits, int axis) {
    String logs = graph.node("LogSoftmax", List.of(logits), OverlayGraph.integer("axis", axis));
    return graph.node("Max", List.of(logs, graph.constant(LOG_ZERO)));
  }

  /** Of the largest logits, by their distance from the first. */
  private String probabilities(String largest, String probabilities) {
    String first = graph.reduce("ReduceMax", largest, ANSWER_AXIS, true);
    String ratio = graph.node("Exp", List.of(graph.node("Sub", List.of(largest, first))));
    String greatest = graph.reduce("ReduceMax", probabilities, ANSWER_AXIS, true);
    return graph.node("Mul", List.of(ratio, greatest));
  }

  private String divergence(String own, String logs) {
    String ownLogs = logs(own, 1);
    String difference = graph.node("Sub", List.of(ownLogs, logs));
    return sum(graph.node("Mul", List.of(graph.node("Exp", List.of(ownLogs)), difference)));
  }

  /** How many answers come before the model's own, the lower index first among equals. */
  private String rank(String layers, String own, long answers) {
    String answer = graph.node("ArgMax", List.of(own), OverlayGraph.integer("axis", 1));
    // Written out: what ONNX Runtime folds itself, it warns of in the application's log.
    long[] all = LongStream.range(0, answers).toArray();
    String indices = graph.longs(all, answers);
    String alone =
        graph.node(
            "Where",
            List.of(
                graph.node("Equal", List.of(indices, answer)),
                layers,
                graph.constant(Float.NEGATIVE_INFINITY)));
    String itsLogit = graph.reduce("ReduceMax", alone, ANSWER_AXIS, true);
    String larger = graph.node("Greater", List.of(layers, itsLogit));
    String noSmaller = graph.node("Not", List.of(graph.node("Less", List.of(layers, itsLogit))));
    String lower = graph.node("Less", List.of(indices, answer));
    String before = graph.node("Or", List.of(larger, graph.node("And", List.of(lower, noSmaller))));
    return sum(graph.cast(before, ElementType.FLOAT));
  }

  private String sum(String perAnswer) {
    return graph.reduce("ReduceSum", perAnswer, ANSWER_AXIS, true);
  }
}
