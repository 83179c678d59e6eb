package io.innerspan.workbench.learn;

import java.util.Arrays;
import java.util.Random;

/** {@code w · mean_j ReLU(W x_j + b) + c}: a linear readout of the mean of hidden units. */
final class MlpNetwork extends BagNetwork {
  private final int hidden;
  private final int readout;
  private final int biases;
  private final float[] units;
  private final float[] mean;
  private final float[] delta;

  MlpNetwork(int width, int tokens, int hidden, Random random) {
    super(width, tokens, width * hidden + 2 * hidden + 1);
    this.hidden = hidden;
    readout = width * hidden;
    biases = readout + hidden;
    units = new float[tokens * hidden];
    mean = new float[hidden];
    delta = new float[hidden];
    draw(random, 0, readout, Math.sqrt(2.0 / width));
    draw(random, readout, biases, Math.sqrt(1.0 / hidden));
  }

  @Override
  int weights() {
    return biases;
  }

  @Override
  float forward(float[] x, int count) {
    Arrays.fill(mean, 0);
    for (int token = 0; token < count; token++) {
      int at = token * hidden;
      System.arraycopy(parameters, biases, units, at, hidden);
      for (int d = 0; d < width; d++) {
        add(units, at, x[token * width + d], parameters, d * hidden, hidden);
      }
      for (int h = 0; h < hidden; h++) {
        units[at + h] = Math.max(0, units[at + h]);
        mean[h] += units[at + h] / count;
      }
    }
    float logit = parameters[biases + hidden];
    for (int h = 0; h < hidden; h++) {
      logit += parameters[readout + h] * mean[h];
    }
    return logit;
  }

  @Override
  void backward(float[] x, int count, float slope) {
    add(gradient, readout, slope, mean, 0, hidden);
    gradient[biases + hidden] += slope;
    for (int token = 0; token < count; token++) {
      for (int h = 0; h < hidden; h++) {
        boolean active = units[token * hidden + h] > 0;
        delta[h] = active ? slope / count * parameters[readout + h] : 0;
      }
      add(gradient, biases, 1, delta, 0, hidden);
      for (int d = 0; d < width; d++) {
        add(gradient, d * hidden, x[token * width + d], delta, 0, hidden);
      }
    }
  }

  @Override
  MlpModel unfolded(Standardizer standardizer) {
    double[][] weight = new double[hidden][width];
    double[] bias = new double[hidden];
    double[] out = new double[hidden];
    for (int h = 0; h < hidden; h++) {
      for (int d = 0; d < width; d++) {
        weight[h][d] = parameters[d * hidden + h];
      }
      LinearModel unit = standardizer.fold(new LinearModel(weight[h], parameters[biases + h]));
      weight[h] = unit.weight();
      bias[h] = unit.bias();
      out[h] = parameters[readout + h];
    }
    return new MlpModel(weight, bias, new LinearModel(out, parameters[biases + hidden]));
  }
}
