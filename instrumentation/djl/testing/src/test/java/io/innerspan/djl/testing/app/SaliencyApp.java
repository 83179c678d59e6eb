package io.innerspan.djl.testing.app;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.translate.NoopTranslator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Models whose predictions may be explained; the argument is a folder of archives. Reads a line
 * before models are closed, another before memory runs out, and one more afterwards.
 */
final class SaliencyApp {
  /** What the model of tokens gets. */
  static final long[][] IDS = {{1, 7, 3, 3, 9}};

  private final BufferedReader input =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

  public static void main(String[] arguments) throws Exception {
    new SaliencyApp().run(Path.of(arguments[0]));
  }

  private void run(Path folder) throws Exception {
    try (Model tokens = load(folder.resolve("tokens.pt"));
        Model features = load(folder.resolve("net.pt"));
        Model imperative = ReadingApp.imperativeModel();
        Model blocks = ThreadsApp.blocks();
        Model streamed = Model.newInstance("streamed", Device.cpu(), "PyTorch")) {
      tokens(tokens, false);
      tokens(blocks, true);
      Tokens.predict(features, 1, 2);
      Tokens.predict(imperative, 1, 2);
      try (InputStream stream = Files.newInputStream(folder.resolve("net.pt"))) {
        streamed.load(stream);
      }
      Tokens.predict(streamed, 1, 2);
      Tokens.predict(streamed, 1, 2);
      awaitLine("explained");
    }
    for (int i = 0; i < 20; i++) {
      try (Model closed = load(folder.resolve("net.pt"));
          Model closedToo = ReadingApp.imperativeModel()) {
        Tokens.predict(closed, 1, 2);
        Tokens.predict(closedToo, 1, 2);
      }
    }
    awaitLine("closed");
    try (Model greedy = Model.newInstance("greedy", Device.cpu(), "PyTorch");
        Model features = load(folder.resolve("net.pt"))) {
      greedy.setBlock(new GreedyBlock());
      Tokens.predict(greedy, 1, 2);
      awaitLine("exhausted");
      Tokens.predict(greedy, 1, 2);
      Tokens.predict(features, 1, 3);
    }
  }

  private void awaitLine(String what) throws IOException {
    System.out.println(what);
    input.readLine();
  }

  private static Model load(Path file) throws Exception {
    Model model = Model.newInstance("script", Device.cpu(), "PyTorch");
    model.load(file);
    return model;
  }

  private static void tokens(Model model, boolean masked) throws Exception {
    try (NDManager manager = model.getNDManager().newSubManager();
        Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator())) {
      NDList input = new NDList(manager.create(IDS));
      if (masked) {
        input.add(input.head().onesLike());
      }
      NDList output = predictor.predict(input);
      System.out.println(Arrays.toString(output.head().toFloatArray()));
    }
  }
}
