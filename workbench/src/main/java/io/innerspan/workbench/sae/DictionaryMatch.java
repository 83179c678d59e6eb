package io.innerspan.workbench.sae;

import io.innerspan.signals.Sae;
import java.util.Arrays;

/**
 * How features of one dictionary are found in another: by the cosine of their decoder rows.
 *
 * @param nearest by feature of the first, the one of the second with the greatest cosine
 * @param cosine that cosine
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record DictionaryMatch(int[] nearest, double[] cosine) {
  private static final int CHUNK = 256;

  /** Matches every feature of one with the features of another of the same width. */
  public static DictionaryMatch of(Sae from, Sae to) {
    return of(from.decoder().toArray(), to.decoder().toArray(), from.in());
  }

  /** Receives a row's cosines with all rows of another matrix. */
  @FunctionalInterface
  public interface Similarities {
    /** Called for each row in order. */
    void accept(int row, float[] cosines);
  }

  /** Matches every row {@code [n, width]} with the rows of another matrix. */
  public static DictionaryMatch of(float[] from, float[] to, int width) {
    int[] nearest = new int[from.length / width];
    double[] cosine = new double[nearest.length];
    similarities(
        from,
        to,
        width,
        (row, cosines) -> {
          int best = 0;
          for (int column = 1; column < cosines.length; column++) {
            best = cosines[column] > cosines[best] ? column : best;
          }
          nearest[row] = best;
          cosine[row] = cosines[best];
        });
    return new DictionaryMatch(nearest, cosine);
  }

  /** The cosines of every row with every row of the same matrix. */
  public static void similarities(float[] rows, int width, Similarities to) {
    similarities(rows, rows, width, to);
  }

  private static void similarities(float[] from, float[] to, int width, Similarities receiver) {
    float[] unit = unit(from, width);
    int n = from.length / width;
    int columns = to.length / width;
    try (Gemm gemm = new Gemm(width, columns)) {
      gemm.set(unit(to, width), new float[columns]);
      for (int first = 0; first < n; first += CHUNK) {
        int last = Math.min(n, first + CHUNK);
        float[] products = gemm.multiply(Arrays.copyOfRange(unit, first * width, last * width));
        for (int row = first; row < last; row++) {
          int at = (row - first) * columns;
          receiver.accept(row, Arrays.copyOfRange(products, at, at + columns));
        }
      }
    }
  }

  /** The share of features whose best cosine is above {@code least}. */
  public double above(double least) {
    int above = 0;
    for (double each : cosine) {
      above += each > least ? 1 : 0;
    }
    return (double) above / cosine.length;
  }

  /** The mean of the best cosines. */
  public double mean() {
    double sum = 0;
    for (double each : cosine) {
      sum += each;
    }
    return sum / cosine.length;
  }

  static float[] unit(float[] rows, int width) {
    float[] unit = rows.clone();
    for (int from = 0; from < unit.length; from += width) {
      double length = Math.sqrt(Vectors.dot(rows, from, rows, from, width));
      for (int d = 0; d < width; d++) {
        unit[from + d] = length == 0 ? 0 : (float) (rows[from + d] / length);
      }
    }
    return unit;
  }
}
