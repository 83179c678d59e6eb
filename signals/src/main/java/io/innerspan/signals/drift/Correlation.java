package io.innerspan.signals.drift;

import io.innerspan.signals.InvalidValueException;
import java.util.Arrays;
import java.util.List;

/**
 * How signals go together while all is well: the correlation matrix of their values on the normal
 * scale. Immutable.
 *
 * @param rows symmetric, ones on the diagonal, positive definite; 2 to {@value #MOST} signals
 */
public record Correlation(List<List<Double>> rows) {
  /** The largest number of signals that are looked at together. */
  public static final int MOST = 64;

  private static final double SYMMETRY = 1e-9;
  private static final double LEAST_PIVOT = 1e-6;

  public Correlation {
    rows = rows.stream().map(List::copyOf).toList();
    int size = rows.size();
    if (size < 2 || size > MOST) {
      throw new InvalidValueException("correlation", "2 to " + MOST + " rows", size);
    }
    for (int i = 0; i < size; i++) {
      if (rows.get(i).size() != size) {
        throw new InvalidValueException(
            "correlation[" + i + "]", size + " numbers", rows.get(i).size());
      }
      for (int j = 0; j <= i; j++) {
        double here = rows.get(i).get(j);
        boolean right =
            i == j ? here == 1 : Math.abs(here - rows.get(j).get(i)) <= SYMMETRY && here >= -1;
        if (!right || !(here <= 1)) {
          throw new InvalidValueException(
              "correlation[" + i + "][" + j + "]",
              i == j ? "1" : "the same from -1 to 1 as in [" + j + "][" + i + "]",
              here);
        }
      }
    }
    factor(rows);
  }

  /**
   * Of values of each signal, row by row, in the order in which they came.
   *
   * @param values by signal, as many of each
   * @param baselines of the signals
   */
  public static Correlation of(List<double[]> values, List<Baseline> baselines) {
    int size = values.size();
    double[][] scores = new double[size][];
    for (int i = 0; i < size; i++) {
      Bins bins = baselines.get(i).bins();
      scores[i] = new double[values.get(i).length];
      for (int n = 0; n < scores[i].length; n++) {
        scores[i][n] = bins.mean(bins.of(values.get(i)[n]));
      }
    }
    Double[][] rows = new Double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        double value = i == j ? 1 : correlation(scores[i], scores[j]);
        rows[i][j] = value;
        rows[j][i] = value;
      }
    }
    return new Correlation(Arrays.stream(rows).map(List::of).toList());
  }

  /** The squared Mahalanobis distance of a point from 0. */
  double squaredDistance(double[] point) {
    double[][] lower = factor(rows);
    double sum = 0;
    double[] solved = new double[point.length];
    for (int i = 0; i < point.length; i++) {
      double value = point[i];
      for (int j = 0; j < i; j++) {
        value -= lower[i][j] * solved[j];
      }
      solved[i] = value / lower[i][i];
      sum += solved[i] * solved[i];
    }
    return sum;
  }

  int size() {
    return rows.size();
  }

  /** Cholesky's lower factor. */
  private static double[][] factor(List<List<Double>> rows) {
    int size = rows.size();
    double[][] lower = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = rows.get(i).get(j);
        for (int k = 0; k < j; k++) {
          sum -= lower[i][k] * lower[j][k];
        }
        if (i == j) {
          if (!(sum > LEAST_PIVOT)) {
            throw new InvalidValueException(
                "correlation", "a positive definite matrix", "row " + i + " follows from others");
          }
          lower[i][i] = Math.sqrt(sum);
        } else {
          lower[i][j] = sum / lower[j][j];
        }
      }
    }
    return lower;
  }

  private static double correlation(double[] x, double[] y) {
    if (x.length != y.length || x.length == 0) {
      throw new InvalidValueException(
          "values", "as many of each signal", x.length + ", " + y.length);
    }
    double xMean = Arrays.stream(x).average().orElseThrow();
    double yMean = Arrays.stream(y).average().orElseThrow();
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      xy += (x[i] - xMean) * (y[i] - yMean);
      xx += (x[i] - xMean) * (x[i] - xMean);
      yy += (y[i] - yMean) * (y[i] - yMean);
    }
    return xy / Math.sqrt(xx * yy);
  }
}
