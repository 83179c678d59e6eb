package io.innerspan.signals.saliency;

/**
 * Makes a function differentiable that cannot be differentiated: along each coordinate, {@code (f(x
 * + h) − f(x − h)) / 2h}.
 *
 * @param function that is evaluated twice per coordinate and point
 * @param distance h, a compromise between the curvature of the function, whose error grows with h²,
 *     and its rounding, whose error grows with 1/h
 */
public record CentralDifferences(PointFunction function, double distance)
    implements Differentiable {
  public CentralDifferences {
    if (!(distance > 0)) {
      throw new IllegalArgumentException("expected a distance above 0, found " + distance);
    }
  }

  @Override
  public int size() {
    return function.size();
  }

  @Override
  public int batch() {
    return function.batch();
  }

  @Override
  public double[] values(double[][] points) {
    return function.values(points);
  }

  @Override
  public double[][] gradients(double[][] points) {
    int perPoint = 2 * size();
    double[] values =
        Batches.values(
            function,
            points.length * perPoint,
            number -> moved(points[number / perPoint], number % perPoint));
    double[][] gradients = new double[points.length][size()];
    for (int i = 0; i < points.length; i++) {
      for (int element = 0; element < size(); element++) {
        int at = i * perPoint + 2 * element;
        gradients[i][element] = (values[at] - values[at + 1]) / (2 * distance);
      }
    }
    return gradients;
  }

  private double[] moved(double[] point, int move) {
    double[] moved = point.clone();
    moved[move / 2] += move % 2 == 0 ? distance : -distance;
    return moved;
  }
}
