package io.innerspan.djl.saliency;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.transformer.TransformerEncoderBlock;
import ai.djl.training.initializer.NormalInitializer;
import java.util.Random;
import java.util.function.Function;

/** Classifiers of vectors that are defined in Java, with weights that can be trained. */
final class JavaClassifier {
  static final int FEATURES = 12;
  static final int TOKENS = 4;
  static final int WIDTH = 8;
  static final int CLASSES = 3;

  /** {@code [n, features]} to logits. */
  static Block perceptron(NDManager manager) {
    return initialized(
        manager,
        new SequentialBlock()
            .add(Linear.builder().setUnits(16).build())
            .add(Activation::tanh)
            .add(Linear.builder().setUnits(16).build())
            .add(Activation::gelu)
            .add(Linear.builder().setUnits(CLASSES).build()),
        new Shape(1, FEATURES));
  }

  /** {@code [n, tokens, width]} to logits. */
  static Block transformer(NDManager manager) {
    Function<NDArray, NDArray> mean = x -> x.mean(new int[] {1});
    return initialized(
        manager,
        new SequentialBlock()
            .add(new TransformerEncoderBlock(WIDTH, 2, 16, 0f, Activation::gelu))
            .add(LambdaBlock.singleton(mean))
            .add(Linear.builder().setUnits(CLASSES).build()),
        new Shape(1, TOKENS, WIDTH));
  }

  private static Block initialized(NDManager manager, Block block, Shape shape) {
    block.setInitializer(new NormalInitializer(0.5f), Parameter.Type.WEIGHT);
    manager.getEngine().setRandomSeed(11);
    block.initialize(manager, DataType.FLOAT32, shape);
    return block;
  }

  /** Rows of random numbers. */
  static NDList inputs(NDManager manager, long seed, long... shape) {
    Random random = new Random(seed);
    Shape all = new Shape(shape);
    float[] values = new float[(int) all.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new NDList(manager.create(values, all));
  }

  private JavaClassifier() {}
}
