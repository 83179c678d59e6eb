package io.innerspan.examples.djltext.train;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.innerspan.examples.djltext.model.Size;
import io.innerspan.examples.djltext.model.TextClassifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;

/** Trains a classifier on token ids with DJL's own trainer. */
final class ClassifierTraining {
  private static final float DROPOUT = 0.2f;
  private static final float LEARNING_RATE = 1e-3f;
  private static final int BATCH = 32;

  /** How often a word is hidden, so that the model does without words that it never saw. */
  private static final double HIDDEN_WORDS = 0.1;

  private final List<Example> examples;
  private final Random random;

  /**
   * A text to learn from.
   *
   * @param ids of its tokens
   * @param label the index of its class
   */
  @SuppressWarnings("ArrayRecordComponent") // Never changed nor compared.
  record Example(long[] ids, int label) {}

  /**
   * @param seed of the weights, the order and the dropout
   */
  ClassifierTraining(List<Example> examples, long seed) {
    this.examples = new ArrayList<>(examples);
    this.random = new Random(seed);
    Engine.getEngine("PyTorch").setRandomSeed((int) seed);
  }

  /**
   * Trains; the same on one machine each time, on one thread of the engine.
   *
   * @param model gets the classifier as its block
   * @return the mean loss of each epoch
   */
  List<Float> train(Model model, Size size, int epochs, Consumer<String> progress) {
    model.setBlock(new TextClassifier(size, DROPOUT));
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optDevices(new Device[] {Device.cpu()})
            .optOptimizer(
                Optimizer.adam().optLearningRateTracker(Tracker.fixed(LEARNING_RATE)).build());
    List<Float> losses = new ArrayList<>();
    try (Trainer trainer = model.newTrainer(config)) {
      trainer.initialize(new Shape(1, 1), new Shape(1, 1));
      for (int epoch = 0; epoch < epochs; epoch++) {
        losses.add(epoch(trainer));
        progress.accept(
            String.format(
                Locale.ROOT, "  epoch %d of %d: loss %.4f", epoch + 1, epochs, losses.get(epoch)));
      }
    }
    return losses;
  }

  private float epoch(Trainer trainer) {
    Collections.shuffle(examples, random);
    float sum = 0;
    int batches = 0;
    for (int from = 0; from < examples.size(); from += BATCH) {
      sum += step(trainer, examples.subList(from, Math.min(examples.size(), from + BATCH)));
      batches++;
    }
    return sum / batches;
  }

  private float step(Trainer trainer, List<Example> batch) {
    try (NDManager manager = trainer.getManager().newSubManager()) {
      NDList inputs = TokenBatch.of(batch.stream().map(this::hide).toList()).inputs(manager);
      NDArray labels =
          manager.create(
              batch.stream().mapToLong(Example::label).toArray(), new Shape(batch.size(), 1));
      NDArray loss;
      try (GradientCollector gradients = trainer.newGradientCollector()) {
        loss = trainer.getLoss().evaluate(new NDList(labels), trainer.forward(inputs));
        gradients.backward(loss);
      }
      trainer.step();
      return loss.getFloat();
    }
  }

  private long[] hide(Example example) {
    long[] ids = example.ids().clone();
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] != WordTokenizer.BEGINNING && random.nextDouble() < HIDDEN_WORDS) {
        ids[i] = WordTokenizer.UNKNOWN;
      }
    }
    return ids;
  }
}
