package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.Mlp;
import java.util.List;

/** Applies an MLP to activations, whatever their leading dimensions. */
final class MlpGraph {
  private final OverlayGraph graph;

  MlpGraph(OverlayGraph graph) {
    this.graph = graph;
  }

  Activation apply(Mlp mlp, Activation activation) {
    String tensor = activation.tensor();
    for (Mlp.Layer layer : mlp.layers()) {
      String weight =
          graph.floats(transposed(layer.weight(), layer.out()), layer.in(), layer.out());
      String bias = graph.floats(layer.bias(), layer.out());
      String product = graph.node("MatMul", List.of(tensor, weight));
      tensor = graph.node("Relu", List.of(graph.node("Add", List.of(product, bias))));
    }
    return new Activation(tensor, activation.perToken());
  }

  /** Of {@code [rows, columns]}: {@code [columns, rows]}. */
  static float[] transposed(float[] matrix, int rows) {
    int columns = matrix.length / rows;
    float[] transposed = new float[matrix.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        transposed[column * rows + row] = matrix[row * columns + column];
      }
    }
    return transposed;
  }
}
