package io.innerspan.workbench.learn;

import java.util.Arrays;
import java.util.Random;

/** {@code Σ_h Σ_j softmax_j(q_h · x_j) (v_h · x_j) + c}. */
final class AttentionNetwork extends BagNetwork {
  /** Heads that look nearly nowhere at first take the mean of all tokens. */
  private static final double SMALL = 0.1;

  private final int heads;

  /** Queries and values of a dimension lie beside each other. */
  private final int columns;

  /** {@code [tokens, columns]}: each token's products with queries, then with values. */
  private final float[] products;

  private final float[] attention;
  private final float[] outputs;
  private final float[] delta;

  AttentionNetwork(int width, int tokens, int heads, Random random) {
    super(width, tokens, width * 2 * heads + 1);
    this.heads = heads;
    columns = 2 * heads;
    products = new float[tokens * columns];
    attention = new float[tokens * heads];
    outputs = new float[heads];
    delta = new float[columns];
    draw(random, 0, width * columns, SMALL / Math.sqrt(width));
  }

  @Override
  int weights() {
    return width * columns;
  }

  @Override
  float forward(float[] x, int count) {
    for (int token = 0; token < count; token++) {
      int at = token * columns;
      Arrays.fill(products, at, at + columns, 0);
      for (int d = 0; d < width; d++) {
        add(products, at, x[token * width + d], parameters, d * columns, columns);
      }
    }
    float logit = parameters[width * columns];
    for (int head = 0; head < heads; head++) {
      outputs[head] = attend(head, count);
      logit += outputs[head];
    }
    return logit;
  }

  private float attend(int head, int count) {
    float most = Float.NEGATIVE_INFINITY;
    for (int token = 0; token < count; token++) {
      most = Math.max(most, products[token * columns + head]);
    }
    float sum = 0;
    for (int token = 0; token < count; token++) {
      float weight = (float) Math.exp(products[token * columns + head] - most);
      attention[token * heads + head] = weight;
      sum += weight;
    }
    float output = 0;
    for (int token = 0; token < count; token++) {
      attention[token * heads + head] /= sum;
      output += attention[token * heads + head] * products[token * columns + heads + head];
    }
    return output;
  }

  @Override
  void backward(float[] x, int count, float slope) {
    gradient[width * columns] += slope;
    for (int token = 0; token < count; token++) {
      for (int head = 0; head < heads; head++) {
        float weight = slope * attention[token * heads + head];
        delta[heads + head] = weight;
        delta[head] = weight * (products[token * columns + heads + head] - outputs[head]);
      }
      for (int d = 0; d < width; d++) {
        add(gradient, d * columns, x[token * width + d], delta, 0, columns);
      }
    }
  }

  @Override
  AttentionModel unfolded(Standardizer standardizer) {
    double[][] query = new double[heads][];
    double[][] value = new double[heads][];
    double bias = parameters[width * columns];
    for (int head = 0; head < heads; head++) {
      // What is the same for every token attends to none of them.
      query[head] = standardizer.fold(new LinearModel(column(head), 0)).weight();
      LinearModel folded = standardizer.fold(new LinearModel(column(heads + head), 0));
      value[head] = folded.weight();
      bias += folded.bias();
    }
    return new AttentionModel(query, value, bias);
  }

  private double[] column(int column) {
    double[] values = new double[width];
    for (int d = 0; d < width; d++) {
      values[d] = parameters[d * columns + column];
    }
    return values;
  }
}
