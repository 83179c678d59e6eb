package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.ActivationSummary.Statistic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Statistics of the activation of each token: float {@code [batch, tokens, n]}, or of each row
 * {@code [batch, n]}. What two of them need of an activation is computed once.
 */
final class TokenStatistics {
  private final Scope scope;
  private final OverlayGraph graph;
  private final Map<List<String>, String> shared = new HashMap<>();

  TokenStatistics(Scope scope) {
    this.scope = scope;
    this.graph = scope.graph();
  }

  /**
   * One statistic of some signals' activations, side by side.
   *
   * @param axis the last one
   */
  String of(Statistic statistic, List<Placed> signals, int axis) {
    return switch (statistic) {
      case L2_NORM -> reduced("ReduceL2", signals, axis);
      case MEAN -> reduced("ReduceMean", signals, axis);
      case SPARSITY -> sparsity(signals, axis);
      case KURTOSIS -> kurtosis(signals, axis);
      case LARGEST_SHARE -> {
        String largest =
            all(signals, axis, tensor -> reduce("ReduceMax", once("Abs", tensor), axis));
        String ratio = binary("Div", largest, reduced("ReduceL2", signals, axis));
        yield binary("Mul", ratio, ratio);
      }
      case COSINE_TO_PREVIOUS -> cosine(signals, axis);
    };
  }

  /** {@code (√d − ‖x‖₁/‖x‖₂) / (√d − 1)}. */
  private String sparsity(List<Placed> signals, int axis) {
    String ratio =
        binary("Div", reduced("ReduceL1", signals, axis), reduced("ReduceL2", signals, axis));
    float[] roots = new float[signals.size()];
    float[] ranges = new float[signals.size()];
    for (int i = 0; i < roots.length; i++) {
      double root = Math.sqrt((double) width(signals.get(i)));
      roots[i] = (float) root;
      ranges[i] = (float) (root - 1);
    }
    String distance = binary("Sub", graph.floats(roots, roots.length), ratio);
    return binary("Div", distance, graph.floats(ranges, ranges.length));
  }

  /** {@code d · Σc⁴ / (Σc²)²} of the centred values c. */
  private String kurtosis(List<Placed> signals, int axis) {
    String fourth =
        all(signals, axis, tensor -> reduce("ReduceSumSquare", squares(tensor, axis), axis));
    String second = all(signals, axis, tensor -> reduce("ReduceSum", squares(tensor, axis), axis));
    float[] widths = new float[signals.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = width(signals.get(i));
    }
    String ratio = binary("Div", fourth, binary("Mul", second, second));
    return binary("Mul", ratio, graph.floats(widths, widths.length));
  }

  private String squares(String tensor, int axis) {
    // Once is not enough: the mean of large values is rounded by more than their distances bear.
    String centred = centred(centred(tensor, axis), axis);
    return shared.computeIfAbsent(List.of("Mul", centred), any -> binary("Mul", centred, centred));
  }

  private String centred(String tensor, int axis) {
    String mean = reduce("ReduceMean", tensor, axis);
    return shared.computeIfAbsent(List.of("Sub", tensor), any -> binary("Sub", tensor, mean));
  }

  private String cosine(List<Placed> signals, int axis) {
    String products =
        graph.concat(
            signals.stream()
                .map(
                    placed ->
                        graph.reduce(
                            "ReduceSum",
                            binary("Mul", tensor(placed.tap()), tensor(placed.taps().get(1))),
                            axis,
                            true))
                .toList(),
            axis);
    String before =
        graph.concat(
            signals.stream()
                .map(placed -> reduce("ReduceL2", tensor(placed.taps().get(1)), axis))
                .toList(),
            axis);
    return binary("Div", binary("Div", products, before), reduced("ReduceL2", signals, axis));
  }

  private static long width(Placed placed) {
    return placed.tap().width();
  }

  private String tensor(TapPoint tap) {
    return scope.activation(tap).tensor();
  }

  private String reduced(String operator, List<Placed> signals, int axis) {
    return all(signals, axis, tensor -> reduce(operator, tensor, axis));
  }

  private String all(List<Placed> signals, int axis, UnaryOperator<String> each) {
    return graph.concat(
        signals.stream().map(placed -> each.apply(tensor(placed.tap()))).toList(), axis);
  }

  private String reduce(String operator, String tensor, int axis) {
    List<String> key = List.of(operator, tensor);
    String known = shared.get(key);
    if (known == null) {
      known = graph.reduce(operator, tensor, axis, true);
      shared.put(key, known);
    }
    return known;
  }

  private String once(String operator, String tensor) {
    return shared.computeIfAbsent(
        List.of(operator, tensor), any -> graph.node(operator, List.of(tensor)));
  }

  private String binary(String operator, String left, String right) {
    return graph.node(operator, List.of(left, right));
  }
}
