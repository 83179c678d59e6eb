package io.innerspan.signals.reference;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.ActivationSummary.Statistic;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.InvalidValueException;
import org.jspecify.annotations.Nullable;

/** Statistics of an activation, token by token, and their means. */
final class ReferenceSummary {
  static double[] values(ActivationSummary summary, RowInputs row) {
    float[][] activation = row.activation(summary.hookPoint());
    HookPoint before = summary.previous();
    float[][] previous = before == null ? null : row.activation(before);
    TokenMask tokens = row.select(summary.tokens(), activation.length);
    if (previous != null && previous.length != activation.length) {
      throw new InvalidValueException("previous", activation.length + " tokens", previous.length);
    }
    double[] means = new double[summary.statistics().size()];
    int column = 0;
    for (Statistic statistic : summary.statistics()) {
      double sum = 0;
      for (int token = tokens.first(); token <= tokens.last(); token++) {
        if (tokens.isReal(token)) {
          sum += of(statistic, activation[token], previous == null ? null : previous[token]);
        }
      }
      means[column++] = sum / tokens.count();
    }
    return means;
  }

  private static double of(Statistic statistic, float[] x, float @Nullable [] previous) {
    return switch (statistic) {
      case L2_NORM -> Math.sqrt(Vectors.squares(RowInputs.doubles(x)));
      case MEAN -> Vectors.mean(RowInputs.doubles(x));
      case SPARSITY -> sparsity(RowInputs.doubles(x));
      case KURTOSIS -> kurtosis(RowInputs.doubles(x));
      case LARGEST_SHARE -> largestShare(RowInputs.doubles(x));
      case COSINE_TO_PREVIOUS -> {
        if (previous == null || previous.length != x.length) {
          throw new InvalidValueException(
              "previous", "the width " + x.length, previous == null ? "none" : previous.length);
        }
        yield cosine(RowInputs.doubles(x), RowInputs.doubles(previous));
      }
    };
  }

  private static double sparsity(double[] x) {
    double absolute = 0;
    for (double value : x) {
      absolute += Math.abs(value);
    }
    double root = Math.sqrt(x.length);
    return (root - absolute / Math.sqrt(Vectors.squares(x))) / (root - 1);
  }

  private static double kurtosis(double[] x) {
    double mean = Vectors.mean(x);
    double second = 0;
    double fourth = 0;
    for (double value : x) {
      double square = (value - mean) * (value - mean);
      second += square;
      fourth += square * square;
    }
    return fourth / x.length / (second / x.length * (second / x.length));
  }

  private static double largestShare(double[] x) {
    double largest = 0;
    for (double value : x) {
      largest = Math.max(largest, value * value);
    }
    return largest / Vectors.squares(x);
  }

  private static double cosine(double[] x, double[] y) {
    return Vectors.dot(x, y) / (Math.sqrt(Vectors.squares(x)) * Math.sqrt(Vectors.squares(y)));
  }

  private ReferenceSummary() {}
}
