package io.innerspan.djl.testing.app;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import java.util.Arrays;

/** A model that is trained and evaluated, without a predictor. */
final class Training {
  static void run() {
    Loss loss = Loss.l2Loss();
    try (Model model = Predictions.linear("training");
        Trainer trainer = model.newTrainer(new DefaultTrainingConfig(loss));
        NDManager manager = model.getNDManager().newSubManager()) {
      trainer.initialize(new Shape(1, Predictions.INPUT.length));
      NDArray input = manager.create(new float[][] {Predictions.INPUT});
      try (GradientCollector collector = trainer.newGradientCollector()) {
        NDList output = trainer.forward(new NDList(input));
        NDArray wanted = manager.create(new float[][] {{1, 1}});
        collector.backward(loss.evaluate(new NDList(wanted), output));
      }
      trainer.step();
      NDList evaluated = trainer.evaluate(new NDList(input));
      System.out.println(Arrays.toString(evaluated.singletonOrThrow().toFloatArray()));
    }
  }

  private Training() {}
}
