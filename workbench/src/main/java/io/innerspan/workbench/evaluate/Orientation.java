package io.innerspan.workbench.evaluate;

import io.innerspan.workbench.learn.LinearModel;
import io.innerspan.workbench.stats.Auroc;
import java.util.Arrays;

/** Turns a direction so that it points to the positive label on the training rows. */
final class Orientation {
  static LinearModel of(LinearModel model, Sample train) {
    if (Auroc.of(model.logits(train.pooled()), train.positive()) >= 0.5) {
      return model;
    }
    double[] turned = Arrays.stream(model.weight()).map(value -> -value).toArray();
    return new LinearModel(turned, -model.bias());
  }

  private Orientation() {}
}
