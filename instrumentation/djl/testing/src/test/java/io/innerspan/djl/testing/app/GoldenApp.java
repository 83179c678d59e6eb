package io.innerspan.djl.testing.app;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.initializer.ConstantInitializer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Predicts twice with each archive of a folder, by name, and with blocks of Java whose weights are
 * 2, 3 and 4. Without a folder, prints the digests of these blocks.
 */
final class GoldenApp {
  private static final int BLOCKS = 3;

  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 0) {
      for (int i = 0; i < BLOCKS; i++) {
        try (Model model = block(2 + i)) {
          System.out.println(ReadingApp.digest(model.getBlock()));
        }
      }
      return;
    }
    Engine.getEngine("PyTorch").setRandomSeed(20_261_122);
    try (Stream<Path> files = Files.list(Path.of(arguments[0]))) {
      List<Path> archives = files.filter(file -> file.toString().endsWith(".pt")).sorted().toList();
      for (Path archive : archives) {
        try (Model model = Model.newInstance("script", Device.cpu(), "PyTorch")) {
          model.load(archive);
          predict(model);
        }
      }
    }
    for (int i = 0; i < BLOCKS; i++) {
      try (Model model = block(2 + i)) {
        predict(model);
      }
    }
  }

  private static void predict(Model model) throws Exception {
    Tokens.predict(model, 2, 3);
    Tokens.predict(model, 1, 5);
  }

  /** The tokens' mean of what a linear layer makes of them. */
  private static Model block(int weight) {
    Model model = Model.newInstance("block" + weight, Device.cpu(), "PyTorch");
    Block block =
        new SequentialBlock()
            .add(Linear.builder().setUnits(3).build())
            .add(LambdaBlock.singleton(x -> x.mean(new int[] {1})));
    block.setInitializer(new ConstantInitializer(weight), Parameter.Type.WEIGHT);
    block.initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 4, 3));
    model.setBlock(block);
    return model;
  }

  private GoldenApp() {}
}
