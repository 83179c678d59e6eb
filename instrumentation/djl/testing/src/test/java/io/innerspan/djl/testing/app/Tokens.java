package io.innerspan.djl.testing.app;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.translate.TranslateException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Batches of sequences of vectors of three numbers. */
public final class Tokens {
  private static final int WIDTH = 3;
  private static final int THREADS = 4;

  /** Some sequences of a batch, equal wherever they are made. */
  public static List<float[][]> batch(int rows, int tokens, int seed) {
    List<float[][]> batch = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      float[][] input = new float[tokens][WIDTH];
      for (int token = 0; token < tokens; token++) {
        for (int i = 0; i < WIDTH; i++) {
          input[token][i] = ((seed + row * 7 + token * 3 + i * 5) % 11 - 5) / 4f;
        }
      }
      batch.add(input);
    }
    return batch;
  }

  static void predict(Model model, int rows, int tokens) throws TranslateException {
    try (Predictor<float[][], float[]> predictor = model.newPredictor(new TokensTranslator())) {
      for (float[] output : predictor.batchPredict(batch(rows, tokens, tokens))) {
        System.out.println(model.getName() + " " + Arrays.toString(output));
      }
    }
  }

  /** Predicts in four threads at once, each as often as is said, and prints what each got. */
  static void predictTogether(Model model, int times) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    List<Callable<Integer>> tasks = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      int seed = thread;
      tasks.add(() -> hash(model, times, seed));
    }
    for (Future<Integer> hash : threads.invokeAll(tasks)) {
      System.out.println(model.getName() + " together " + hash.get());
    }
    threads.shutdown();
  }

  private static int hash(Model model, int times, int seed) throws TranslateException {
    int hash = 1;
    try (Predictor<float[][], float[]> predictor = model.newPredictor(new TokensTranslator())) {
      for (int i = 0; i < times; i++) {
        for (float[] output : predictor.batchPredict(batch(1 + i % 3, 1 + i % 7, seed + i))) {
          hash = 31 * hash + Arrays.hashCode(output);
        }
      }
    }
    return hash;
  }

  private Tokens() {}
}
