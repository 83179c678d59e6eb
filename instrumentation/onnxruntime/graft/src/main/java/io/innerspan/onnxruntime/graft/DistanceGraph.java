package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.Floats;
import io.innerspan.signals.PopulationDistance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The squared distance of a pooled activation from a population, float {@code [batch, 1]}.
 *
 * <p>With z = U·(x − μ) it is one weighted sum of squares: {@code Σ z_k² (1/λ_k − 1/σ²) + Σ (x −
 * μ)_i² / σ²}. Its terms may nearly cancel, so that it is computed in double precision; it is one
 * small vector per row.
 */
final class DistanceGraph {
  private final Scope scope;
  private final OverlayGraph graph;

  DistanceGraph(Scope scope) {
    this.scope = scope;
    this.graph = scope.graph();
  }

  /** Why a distance cannot be compiled, or null. */
  static @Nullable SignalRefusal refusal(Placed placed, Host host) {
    PopulationDistance distance = (PopulationDistance) placed.signal();
    SignalRefusal refusal = host.activationRefusal(distance, placed.tap(), distance.width());
    return refusal != null || !placed.tap().perToken()
        ? refusal
        : Host.unsupportedIf(distance, TokenRows.refusal(distance.pooling(), host.opset()));
  }

  String value(Placed placed) {
    PopulationDistance distance = (PopulationDistance) placed.signal();
    Activation activation = scope.activation(placed.tap());
    String pooled = activation.tensor();
    if (activation.perToken()) {
      String row = scope.tokens(placed).rows().of(distance.pooling().kind());
      pooled = graph.squeeze(graph.node("MatMul", List.of(row, activation.tensor())), 1);
    }
    int width = distance.width();
    int rank = distance.variances().size();
    String mean = graph.doubles(doubles(distance.mean()), width);
    String centred = graph.node("Sub", List.of(graph.cast(pooled, ElementType.DOUBLE), mean));
    String components = graph.doubles(transposed(distance.components(), rank, width), width, rank);
    String along = graph.node("MatMul", List.of(centred, components));
    String both = graph.concat(List.of(along, centred), 1);
    String squares = graph.node("Mul", List.of(both, both));
    String weights = graph.doubles(weights(distance), (long) rank + width, 1);
    return graph.cast(graph.node("MatMul", List.of(squares, weights)), ElementType.FLOAT);
  }

  private static double[] weights(PopulationDistance distance) {
    int rank = distance.variances().size();
    double[] weights = new double[rank + distance.width()];
    for (int i = 0; i < weights.length; i++) {
      double rest = 1 / distance.residualVariance();
      weights[i] = i < rank ? 1 / distance.variances().get(i) - rest : rest;
    }
    return weights;
  }

  private static double[] doubles(Floats values) {
    double[] doubles = new double[values.size()];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = values.get(i);
    }
    return doubles;
  }

  private static double[] transposed(Floats rows, int count, int width) {
    double[] columns = new double[rows.size()];
    for (int row = 0; row < count; row++) {
      for (int i = 0; i < width; i++) {
        columns[i * count + row] = rows.get(row * width + i);
      }
    }
    return columns;
  }
}
