package io.innerspan.djl.testing.app;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A small transformer in four threads, with batches of different lengths and padding. Arguments:
 * the model's file, or {@code blocks} for one that is defined in Java; how often to predict in each
 * thread. Makes a predictor and reads a line before it predicts.
 */
final class ThreadsApp {
  private static final int THREADS = 4;

  public static void main(String[] arguments) throws Exception {
    int times = Integer.parseInt(arguments[1]);
    try (Model model = model(arguments[0])) {
      model.newPredictor(new NoopTranslator()).close();
      System.out.println("open");
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
      ExecutorService threads = Executors.newFixedThreadPool(THREADS);
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int seed = thread;
        tasks.add(() -> hash(model, times, seed));
      }
      for (Future<Integer> hash : threads.invokeAll(tasks)) {
        System.out.println("together " + hash.get());
      }
      threads.shutdown();
    }
  }

  private static Model model(String file) throws Exception {
    if (file.equals("blocks")) {
      return blocks();
    }
    String engine = file.endsWith(".onnx") ? "OnnxRuntime" : "PyTorch";
    Model model = Model.newInstance("threads", engine);
    model.load(Path.of(file));
    return model;
  }

  static Model blocks() {
    Model model = Model.newInstance("threads", "PyTorch");
    model.setBlock(TransformerBlock.of(model.getNDManager()));
    return model;
  }

  private static int hash(Model model, int times, int seed) throws TranslateException {
    int hash = 1;
    try (Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator())) {
      for (int i = 0; i < times; i++) {
        try (NDManager manager = model.getNDManager().newSubManager();
            NDList outputs = predictor.predict(inputs(manager, 1 + i % 3, 2 + i % 6, seed + i))) {
          for (NDArray output : outputs) {
            hash = 31 * hash + Arrays.hashCode(finite(output.toFloatArray()));
          }
        }
      }
    }
    return hash;
  }

  /** Numbers that are none would be the same whatever happens. */
  private static float[] finite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new IllegalStateException("expected numbers, found " + Arrays.toString(values));
      }
    }
    return values;
  }

  private static NDList inputs(NDManager manager, int rows, int tokens, int seed) {
    long[] ids = new long[rows * tokens];
    long[] mask = new long[rows * tokens];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = (seed + i * 7L) % 40;
      mask[i] = i % tokens < 2 || i / tokens % 2 == 0 ? 1 : 0;
    }
    Shape shape = new Shape(rows, tokens);
    NDArray tokenIds = manager.create(ids, shape);
    tokenIds.setName("input_ids");
    NDArray attention = manager.create(mask, shape);
    attention.setName("attention_mask");
    return new NDList(tokenIds, attention);
  }

  private ThreadsApp() {}
}
