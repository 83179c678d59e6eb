package io.innerspan.signals.saliency;

import java.util.Arrays;

/**
 * A subject's function by how far each part is on its way from the baseline, at 0, to the input, at
 * 1: one coordinate per part. Integrated gradients of it from 0 to 1 are those of the subject,
 * summed up per part.
 */
record Displacements(Subject subject) implements PointFunction {
  @Override
  public int size() {
    return subject.parts();
  }

  @Override
  public int batch() {
    return subject.function().batch();
  }

  @Override
  public double[] values(double[][] points) {
    double[][] there = new double[points.length][subject.function().size()];
    for (int i = 0; i < points.length; i++) {
      for (int element = 0; element < there[i].length; element++) {
        there[i][element] = subject.between(element, points[i][element / subject.width()]);
      }
    }
    return subject.function().values(there);
  }

  /** The same to explain, in these coordinates. */
  Subject differentiable(double distance) {
    double[] ones = new double[size()];
    Arrays.fill(ones, 1);
    return new Subject(new CentralDifferences(this, distance), ones, new double[size()], 1);
  }
}
