package io.innerspan.workbench.learn;

import io.innerspan.signals.AttentionProbe.Rule;
import java.util.Arrays;
import java.util.Random;

/**
 * {@code Σ_h Σ_j softmax_j(q_h · x_j) (v_h · x_j) + c} over all tokens or over those of the window
 * where it is greatest, or {@code Σ_h max_j v_h · x_j + c}.
 */
final class AttentionNetwork extends BagNetwork {
  /** Heads that look nearly nowhere at first take the mean of all tokens. */
  private static final double SMALL = 0.1;

  private final Rule rule;
  private final int heads;

  /** Queries and values of a dimension lie beside each other. */
  private final int columns;

  /** {@code [tokens, columns]}: each token's products with queries, then with values. */
  private final float[] products;

  private final float[] attention;
  private final float[] outputs;
  private final float[] delta;

  AttentionNetwork(Rule rule, int width, int tokens, int heads, Random random) {
    super(width, tokens, width * 2 * heads + 1);
    this.rule = rule;
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
    Arrays.fill(attention, 0, count * heads, 0);
    float bias = parameters[width * columns];
    return switch (rule.kind()) {
      case ATTENTION -> bias + attend(0, count);
      case MULTIMAX -> bias + greatest(count);
      case ROLLING_ATTENTION -> bias + attendWithinBest(count);
    };
  }

  /** Attention within the window where it is greatest, the first of equals. */
  private float attendWithinBest(int count) {
    int window = Math.min(rule.window(), count);
    int best = 0;
    float most = Float.NEGATIVE_INFINITY;
    for (int from = 0; from + window <= count; from++) {
      float sum = attend(from, from + window);
      if (sum > most) {
        most = sum;
        best = from;
      }
    }
    Arrays.fill(attention, 0, count * heads, 0);
    return attend(best, best + window);
  }

  private float greatest(int count) {
    float sum = 0;
    for (int head = 0; head < heads; head++) {
      int best = 0;
      for (int token = 1; token < count; token++) {
        if (value(token, head) > value(best, head)) {
          best = token;
        }
      }
      attention[best * heads + head] = 1;
      outputs[head] = value(best, head);
      sum += outputs[head];
    }
    return sum;
  }

  private float attend(int from, int to) {
    float sum = 0;
    for (int head = 0; head < heads; head++) {
      outputs[head] = attend(head, from, to);
      sum += outputs[head];
    }
    return sum;
  }

  private float value(int token, int head) {
    return products[token * columns + heads + head];
  }

  private float attend(int head, int from, int to) {
    float most = Float.NEGATIVE_INFINITY;
    for (int token = from; token < to; token++) {
      most = Math.max(most, products[token * columns + head]);
    }
    float sum = 0;
    for (int token = from; token < to; token++) {
      float weight = (float) Math.exp(products[token * columns + head] - most);
      attention[token * heads + head] = weight;
      sum += weight;
    }
    float output = 0;
    for (int token = from; token < to; token++) {
      attention[token * heads + head] /= sum;
      output += attention[token * heads + head] * value(token, head);
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
        // The greatest value is the output itself: queries have no gradient there.
        delta[head] = weight * (value(token, head) - outputs[head]);
      }
      for (int d = 0; d < width; d++) {
        add(gradient, d * columns, x[token * width + d], delta, 0, columns);
      }
    }
  }

  @Override
  AttentionModel unfolded(Standardizer standardizer) {
    boolean queries = rule.kind() != Rule.Kind.MULTIMAX;
    double[][] query = new double[queries ? heads : 0][];
    double[][] value = new double[heads][];
    double bias = parameters[width * columns];
    for (int head = 0; head < heads; head++) {
      // What is the same for every token attends to none of them.
      if (queries) {
        query[head] = standardizer.fold(new LinearModel(column(head), 0)).weight();
      }
      LinearModel folded = standardizer.fold(new LinearModel(column(heads + head), 0));
      value[head] = folded.weight();
      bias += folded.bias();
    }
    return new AttentionModel(rule, query, value, bias);
  }

  private double[] column(int column) {
    double[] values = new double[width];
    for (int d = 0; d < width; d++) {
      values[d] = parameters[d * columns + column];
    }
    return values;
  }
}
