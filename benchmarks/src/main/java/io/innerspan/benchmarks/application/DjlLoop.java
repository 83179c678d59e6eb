package io.innerspan.benchmarks.application;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.translate.TranslateException;
import io.innerspan.examples.djltext.model.TextClassifier;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * Predicts in blocks with DJL, as it is told on standard input: a line {@code batch sequence 1
 * runs} is answered by a line with two numbers for each run, the nanoseconds that its thread
 * computed and those that went by. Between blocks it is blocked in a read.
 */
public final class DjlLoop {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Predictor<TokenRows, float[]> predictor;

  private DjlLoop(Predictor<TokenRows, float[]> predictor) {
    this.predictor = predictor;
  }

  /**
   * Serves until the end of its standard input.
   *
   * @param arguments DJL's name of the engine, and the model's file
   */
  public static void main(String[] arguments)
      throws IOException, MalformedModelException, TranslateException {
    try (Model model = load(arguments[0], Path.of(arguments[1]));
        Predictor<TokenRows, float[]> predictor = model.newPredictor(new RowsTranslator())) {
      DjlLoop loop = new DjlLoop(predictor);
      loop.call(new TokenRows(1, 1)); // Readings are on from the first prediction.
      System.out.println(InferenceLoop.READY);
      BufferedReader commands =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      String command;
      while ((command = commands.readLine()) != null) {
        int[] numbers = Arrays.stream(command.split(" ")).mapToInt(Integer::parseInt).toArray();
        System.out.println(loop.block(new TokenRows(numbers[0], numbers[1]), numbers[3]));
      }
    }
  }

  private static Model load(String engine, Path file) throws IOException, MalformedModelException {
    Model model = Model.newInstance("benchmark", Device.cpu(), engine);
    if (!file.endsWith(DjlModels.BLOCKS)) {
      // So that all is computed in the caller's thread; PyTorch has a property for it.
      Map<String, String> options = Map.of("intraOpNumThreads", "1", "interOpNumThreads", "1");
      model.load(file, null, engine.equals("PyTorch") ? Map.of() : options);
      return model;
    }
    TextClassifier classifier = new TextClassifier(DjlModels.SIZE, 0);
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      classifier.loadParameters(model.getNDManager(), in);
    }
    model.setBlock(classifier);
    return model;
  }

  private String block(TokenRows input, int runs) throws TranslateException {
    call(input); // Other JVMs had the caches: not counted.
    StringBuilder nanos = new StringBuilder();
    for (int run = 0; run < runs; run++) {
      long wall = System.nanoTime();
      long computed = THREADS.getCurrentThreadCpuTime();
      call(input);
      computed = THREADS.getCurrentThreadCpuTime() - computed;
      wall = System.nanoTime() - wall;
      nanos.append(computed).append(' ').append(wall).append(' ');
    }
    return nanos.toString().trim();
  }

  private void call(TokenRows input) throws TranslateException {
    predictor.predict(input);
  }
}
