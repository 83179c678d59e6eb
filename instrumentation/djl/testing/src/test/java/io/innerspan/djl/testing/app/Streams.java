package io.innerspan.djl.testing.app;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import java.util.Iterator;
import java.util.stream.Stream;

/** Streams that end in every way. */
final class Streams {
  static void readToTheEnd() throws Exception {
    run("stream-read", Predictions.INPUT, stream -> stream.forEach(System.out::println));
  }

  static void closeEarly() throws Exception {
    run(
        "stream-closed",
        Predictions.INPUT,
        stream -> {
          System.out.println(stream.iterator().next());
          stream.close();
        });
  }

  static void readInAnotherThread() throws Exception {
    run(
        "stream-elsewhere",
        Predictions.INPUT,
        stream -> {
          Thread reader = new Thread(() -> stream.forEach(System.out::println));
          reader.start();
          try {
            reader.join();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  static void fail() throws Exception {
    run(
        "stream-failing",
        new float[] {-1, 1, 1},
        stream -> {
          Iterator<Float> outputs = stream.iterator();
          try {
            while (outputs.hasNext()) {
              System.out.println(outputs.next());
            }
          } catch (ArithmeticException e) {
            System.out.println(e);
          }
        });
  }

  /** While a stream is not read, other predictions of the thread have nothing to do with it. */
  static void predictMeanwhile() throws Exception {
    try (Model other = Predictions.linear("meanwhile");
        Predictor<float[], float[]> predictor = other.newPredictor(new FloatsTranslator(null))) {
      run(
          "stream-around",
          Predictions.INPUT,
          stream ->
              stream.forEach(
                  sum -> {
                    try {
                      System.out.println(sum + predictor.predict(Predictions.INPUT)[0]);
                    } catch (ai.djl.translate.TranslateException e) {
                      throw new IllegalStateException(e);
                    }
                  }));
    }
  }

  private interface Reader {
    void read(Stream<Float> stream);
  }

  private static void run(String name, float[] input, Reader reader) throws Exception {
    try (Model model = Predictions.model(name, new CountingBlock());
        Predictor<float[], Stream<Float>> predictor = model.newPredictor(new StreamTranslator())) {
      reader.read(predictor.streamingPredict(input).getIterativeOutput());
    }
  }

  private Streams() {}
}
