package io.innerspan.djl.testing.app;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.initializer.ConstantInitializer;
import java.io.DataOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Models on DJL's PyTorch engine that packs may be for. Arguments: a folder of archives; how often
 * to predict in each of four threads.
 */
final class ReadingApp {
  /** Of the blocks that packs are for: a good one, one without its place, one of another width. */
  static final float[] WEIGHTS = {1, 2, 3};

  private static final float OTHER_WEIGHT = 4;

  private final int times;

  private ReadingApp(int times) {
    this.times = times;
  }

  public static void main(String[] arguments) throws Exception {
    new ReadingApp(Integer.parseInt(arguments[1])).run(Path.of(arguments[0]));
  }

  private void run(Path folder) throws Exception {
    script(folder.resolve("net.pt"));
    try (Model model = Model.newInstance("streamed", Device.cpu(), "PyTorch");
        InputStream stream = Files.newInputStream(folder.resolve("net.pt"))) {
      model.load(stream);
      Tokens.predict(model, 2, 4);
    }
    script(folder.resolve("misplaced.pt"));
    script(folder.resolve("wide.pt"));
    script(folder.resolve("frozen.pt"));
    script(folder.resolve("hider.pt"));
    script(folder.resolve("again").resolve("net.pt"));
    try {
      script(folder.resolve("broken.pt"));
    } catch (Exception e) {
      System.out.println("broken " + e.getClass().getName());
    }
    imperative();
    blocks();
    stream();
    closed(folder.resolve("closed"));
  }

  /** A model of which only the file and the outputs can be known. */
  private void closed(Path folder) throws Exception {
    try (Model model = Model.newInstance("closed", Device.cpu(), "PyTorch")) {
      model.setBlock(new ClosedBlock());
      model.load(folder, "closed", Map.of("hasParameter", "false"));
      Tokens.predict(model, 2, 3);
    }
  }

  private void script(Path file) throws Exception {
    try (Model model = Model.newInstance("script", Device.cpu(), "PyTorch")) {
      model.load(file);
      Tokens.predict(model, 2, 3);
      Tokens.predict(model, 1, 5);
      if (file.endsWith("net.pt")) {
        Tokens.predictTogether(model, times);
      }
    }
  }

  private void imperative() throws Exception {
    try (Model model = imperativeModel()) {
      Tokens.predict(model, 2, 3);
      Tokens.predict(model, 1, 5);
      Tokens.predictTogether(model, times);
    }
  }

  /** Blocks that packs do not fit, and one of another model's name. */
  private void blocks() throws Exception {
    for (Model model :
        new Model[] {
          imperativeModel("misplaced-block", WEIGHTS[1]),
          imperativeModel("wide-block", WEIGHTS[2]),
          imperativeModel("imperative", OTHER_WEIGHT)
        }) {
      try (model) {
        Tokens.predict(model, 2, 3);
        Tokens.predict(model, 1, 5);
      }
    }
  }

  private void stream() throws Exception {
    try (Model model = Predictions.model("streaming", new CountingBlock());
        Predictor<float[], Stream<Float>> predictor = model.newPredictor(new StreamTranslator())) {
      for (int i = 0; i < 2; i++) {
        predictor
            .streamingPredict(Predictions.INPUT)
            .getIterativeOutput()
            .forEach(System.out::println);
      }
    }
  }

  static Model imperativeModel() {
    return imperativeModel("imperative", WEIGHTS[0]);
  }

  /**
   * A model of blocks of Java.
   *
   * @param weight all of its weights
   */
  static Model imperativeModel(String name, float weight) {
    Model model = Model.newInstance(name, Device.cpu(), "PyTorch");
    model.setBlock(block(model.getNDManager(), weight));
    return model;
  }

  /** The tokens' mean of what a linear layer makes of them, and another layer. */
  private static Block block(NDManager manager, float weight) {
    SequentialBlock block =
        new SequentialBlock()
            .add(Linear.builder().setUnits(3).build())
            .add(LambdaBlock.singleton(x -> x.mean(new int[] {1})))
            .add(Linear.builder().setUnits(2).build());
    block.setInitializer(new ConstantInitializer(weight), Parameter.Type.WEIGHT);
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 4, 3));
    return block;
  }

  static String digest(Block block) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (DataOutputStream out =
        new DataOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), digest))) {
      block.saveParameters(out);
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
