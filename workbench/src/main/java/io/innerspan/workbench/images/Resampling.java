package io.innerspan.workbench.images;

import java.awt.image.BufferedImage;

/**
 * Resizes images by a triangle filter (linear interpolation), which is widened where an image
 * shrinks so that every pixel counts; first along rows, then along columns.
 */
final class Resampling {
  private Resampling() {}

  /**
   * A part of an image in another size.
   *
   * @param x the part's left border in pixels
   * @param y its upper border
   * @param width its width
   * @param height its height
   * @return {@code [3][newHeight * newWidth]}: red, green and blue from 0 to 255
   */
  static float[][] of(
      BufferedImage image,
      double x,
      double y,
      double width,
      double height,
      int newWidth,
      int newHeight) {
    int rows = image.getHeight();
    int columns = image.getWidth();
    float[][] across = new float[3][rows * newWidth];
    Filter horizontal = new Filter(columns, x, width, newWidth);
    int[] line = new int[columns];
    for (int row = 0; row < rows; row++) {
      image.getRGB(0, row, columns, 1, line, 0, columns);
      for (int channel = 0; channel < 3; channel++) {
        int shift = 16 - 8 * channel;
        for (int to = 0; to < newWidth; to++) {
          double sum = 0;
          double[] weights = horizontal.weights[to];
          for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * (line[horizontal.first[to] + i] >> shift & 0xff);
          }
          across[channel][row * newWidth + to] = (float) sum;
        }
      }
    }
    Filter vertical = new Filter(rows, y, height, newHeight);
    float[][] result = new float[3][newHeight * newWidth];
    for (int channel = 0; channel < 3; channel++) {
      for (int to = 0; to < newHeight; to++) {
        double[] weights = vertical.weights[to];
        for (int column = 0; column < newWidth; column++) {
          double sum = 0;
          for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * across[channel][(vertical.first[to] + i) * newWidth + column];
          }
          result[channel][to * newWidth + column] = (float) sum;
        }
      }
    }
    return result;
  }

  /** For each new pixel, which old ones count how much. */
  private static final class Filter {
    private final int[] first;
    private final double[][] weights;

    Filter(int size, double begin, double length, int newSize) {
      first = new int[newSize];
      weights = new double[newSize][];
      double scale = length / newSize;
      double reach = Math.max(1, scale);
      for (int to = 0; to < newSize; to++) {
        double centre = begin + (to + 0.5) * scale;
        // What lies outside of the part does not count.
        int low = (int) Math.floor(Math.max(begin, centre - reach));
        int high = Math.min(size, (int) Math.ceil(Math.min(begin + length, centre + reach)));
        double[] row = new double[high - low];
        double sum = 0;
        for (int i = 0; i < row.length; i++) {
          row[i] = Math.max(0, 1 - Math.abs((low + i + 0.5 - centre) / reach));
          sum += row[i];
        }
        for (int i = 0; i < row.length; i++) {
          row[i] /= sum;
        }
        first[to] = low;
        weights[to] = row;
      }
    }
  }
}
