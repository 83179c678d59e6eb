package io.innerspan.signals.reference;

import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.PopulationDistance;

/** The squared Mahalanobis distance from a population. */
final class ReferenceDistance {
  static double[] values(PopulationDistance distance, RowInputs row) {
    float[][] activation = row.activation(distance.hookPoint());
    TokenMask tokens = row.select(distance.tokens(), activation.length);
    if (tokens.count() == 0) {
      return ReferenceSignal.absent(distance);
    }
    double[] x = TokenPooling.activation(distance.pooling(), activation, tokens);
    int width = distance.width();
    if (x.length != width) {
      throw new InvalidValueException("activation", "the width " + width, x.length);
    }
    for (int i = 0; i < width; i++) {
      x[i] -= distance.mean().get(i);
    }
    double along = 0;
    double within = 0;
    for (int k = 0; k < distance.variances().size(); k++) {
      double product = 0;
      for (int i = 0; i < width; i++) {
        product += distance.components().get(k * width + i) * x[i];
      }
      along += product * product / distance.variances().get(k);
      within += product * product;
    }
    double rest = Vectors.squares(x) - within;
    return new double[] {along + rest / distance.residualVariance()};
  }

  private ReferenceDistance() {}
}
