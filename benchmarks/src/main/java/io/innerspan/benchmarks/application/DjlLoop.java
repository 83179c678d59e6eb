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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Predicts in blocks with DJL, as it is told on standard input: a line {@code batch sequence 1 runs
 * predictor...} is answered by a line with two numbers of each predictor, run by run: the
 * nanoseconds that its thread computed and those that went by. The predictors take turns. Between
 * blocks it is blocked in a read.
 */
public final class DjlLoop {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /**
   * Serves until the end of its standard input.
   *
   * @param arguments DJL's name of the engine, and the models' files: each has a predictor
   */
  public static void main(String[] arguments)
      throws IOException, MalformedModelException, TranslateException {
    List<Model> models = new ArrayList<>();
    List<Predictor<TokenRows, float[]>> predictors = new ArrayList<>();
    for (String file : Arrays.asList(arguments).subList(1, arguments.length)) {
      Model model = load(arguments[0], Path.of(file));
      models.add(model);
      Predictor<TokenRows, float[]> predictor = model.newPredictor(new RowsTranslator());
      predictors.add(predictor);
      predictor.predict(new TokenRows(1, 1)); // Readings are on from the first prediction.
    }
    System.out.println(InferenceLoop.READY);
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String command;
    while ((command = commands.readLine()) != null) {
      int[] numbers = Arrays.stream(command.split(" ")).mapToInt(Integer::parseInt).toArray();
      List<Predictor<TokenRows, float[]>> turns =
          Arrays.stream(numbers).skip(InferenceLoop.SESSIONS).mapToObj(predictors::get).toList();
      System.out.println(block(turns, new TokenRows(numbers[0], numbers[1]), numbers[3]));
    }
    predictors.forEach(Predictor::close);
    models.forEach(Model::close);
  }

  private static Model load(String engine, Path file) throws IOException, MalformedModelException {
    // Its folder's name: a model of one name and other weights would be taken for a new version.
    String name = file.getName(file.getNameCount() - 2).toString();
    Model model = Model.newInstance(name, Device.cpu(), engine);
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

  private static String block(
      List<Predictor<TokenRows, float[]>> predictors, TokenRows input, int runs)
      throws TranslateException {
    for (Predictor<TokenRows, float[]> predictor : predictors) {
      predictor.predict(input); // Others had the caches: not counted.
    }
    int count = predictors.size();
    long[] nanos = new long[2 * runs * count];
    for (int run = 0; run < runs; run++) {
      for (int turn = 0; turn < count; turn++) {
        int predictor = (run + turn) % count; // None is always the first.
        long wall = System.nanoTime();
        long computed = THREADS.getCurrentThreadCpuTime();
        predictors.get(predictor).predict(input);
        computed = THREADS.getCurrentThreadCpuTime() - computed;
        int at = 2 * (run * count + predictor);
        nanos[at] = computed;
        nanos[at + 1] = System.nanoTime() - wall;
      }
    }
    return Arrays.stream(nanos).mapToObj(String::valueOf).collect(Collectors.joining(" "));
  }
}
