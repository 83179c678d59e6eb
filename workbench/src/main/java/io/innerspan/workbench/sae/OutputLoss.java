package io.innerspan.workbench.sae;

import io.innerspan.workbench.model.ReinsertionSession.Batch;
import io.innerspan.workbench.model.TokenIds;
import java.util.Arrays;

/** The loss of one row's output, against the original's or the text itself. */
final class OutputLoss {
  private final LossRecovered.Measure measure;
  private final boolean perToken;
  private final Batch batch;
  private final int answers;

  OutputLoss(LossRecovered.Measure measure, boolean perToken, Batch batch) {
    this.measure = measure;
    this.perToken = perToken;
    this.batch = batch;
    answers = batch.output().length / batch.rows().size() / (perToken ? batch.longest() : 1);
  }

  /** Whether a row has something to measure. */
  boolean counts(int row) {
    int tokens = batch.rows().get(row).length();
    return measure == LossRecovered.Measure.CROSS_ENTROPY ? tokens > 1 : tokens > 0;
  }

  double of(float[] output, int row) {
    return switch (measure) {
      case CROSS_ENTROPY -> crossEntropy(output, row);
      case KL -> divergence(output, row);
      case COSINE -> 1 - cosine(mean(batch.output(), row), mean(output, row));
    };
  }

  private int tokens(int row) {
    return perToken ? batch.rows().get(row).length() : 1;
  }

  private int at(int row, int token) {
    return (perToken ? row * batch.longest() + token : row) * answers;
  }

  private double crossEntropy(float[] output, int row) {
    TokenIds ids = batch.rows().get(row);
    double sum = 0;
    for (int token = 0; token + 1 < ids.length(); token++) {
      double[] logs = logSoftmax(output, at(row, token));
      sum -= logs[Math.toIntExact(ids.ids()[token + 1])];
    }
    return sum / (ids.length() - 1);
  }

  private double divergence(float[] output, int row) {
    double sum = 0;
    for (int token = 0; token < tokens(row); token++) {
      double[] original = logSoftmax(batch.output(), at(row, token));
      double[] changed = logSoftmax(output, at(row, token));
      for (int i = 0; i < answers; i++) {
        sum += Math.exp(original[i]) * (original[i] - changed[i]);
      }
    }
    return sum / tokens(row);
  }

  private double[] logSoftmax(float[] logits, int from) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < answers; i++) {
      max = Math.max(max, logits[from + i]);
    }
    double sum = 0;
    for (int i = 0; i < answers; i++) {
      sum += Math.exp(logits[from + i] - max);
    }
    double[] logs = new double[answers];
    double log = max + Math.log(sum);
    Arrays.setAll(logs, i -> logits[from + i] - log);
    return logs;
  }

  private double[] mean(float[] output, int row) {
    double[] mean = new double[answers];
    for (int token = 0; token < tokens(row); token++) {
      for (int i = 0; i < answers; i++) {
        mean[i] += output[at(row, token) + i];
      }
    }
    return mean;
  }

  private static double cosine(double[] a, double[] b) {
    double product = 0;
    double squaresA = 0;
    double squaresB = 0;
    for (int i = 0; i < a.length; i++) {
      product += a[i] * b[i];
      squaresA += a[i] * a[i];
      squaresB += b[i] * b[i];
    }
    return squaresA == 0 || squaresB == 0 ? 0 : product / Math.sqrt(squaresA * squaresB);
  }
}
