package io.innerspan.djl.testing.app;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.management.ObjectName;

/**
 * Predicts as often as it is told with a script and a block, and prints after equal stretches what
 * the process holds: resident memory, heap after a collection, instances of DJL's managers and
 * arrays.
 */
final class LeakApp {
  private static final int STRETCHES = 10;

  /** Arguments: a TorchScript file; how many predictions. */
  public static void main(String[] arguments) throws Exception {
    int each = Integer.parseInt(arguments[1]) / STRETCHES;
    try (Model script = Model.newInstance("script", Device.cpu(), "PyTorch");
        Model imperative = ReadingApp.imperativeModel()) {
      script.load(Path.of(arguments[0]));
      predict(List.of(script, imperative), 2 * each); // What a JVM needs to settle.
      for (int stretch = 1; stretch <= STRETCHES; stretch++) {
        predict(List.of(script, imperative), each);
        printHeld(stretch * each);
      }
    }
  }

  private static void predict(List<Model> models, int times) throws Exception {
    List<Predictor<float[][], float[]>> predictors = new ArrayList<>();
    for (Model model : models) {
      predictors.add(model.newPredictor(new TokensTranslator()));
    }
    for (int i = 0; i < times; i++) {
      predictors
          .get(i % predictors.size())
          .batchPredict(Tokens.batch(1 + i % 4, 3 + i % 6, i % 50));
    }
    predictors.forEach(Predictor::close);
  }

  private static void printHeld(int done) throws Exception {
    List<String> histogram = histogram(); // Collects garbage first.
    Runtime runtime = Runtime.getRuntime();
    System.out.println(
        String.join(
            " ",
            "held",
            Integer.toString(done),
            Long.toString(residentBytes()),
            Long.toString(runtime.totalMemory() - runtime.freeMemory()),
            Long.toString(instances(histogram, "NDManager")),
            Long.toString(instances(histogram, "NDArray"))));
  }

  private static long residentBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    throw new IOException("no VmRSS in /proc/self/status");
  }

  private static List<String> histogram() throws Exception {
    Object text =
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcClassHistogram",
                new Object[] {new String[0]},
                new String[] {String[].class.getName()});
    return text.toString().lines().toList();
  }

  private static long instances(List<String> histogram, String part) {
    return histogram.stream()
        .map(line -> line.trim().split("\\s+"))
        .filter(columns -> columns.length >= 4)
        .filter(columns -> columns[3].startsWith("ai.djl.") && columns[3].contains(part))
        .mapToLong(columns -> Long.parseLong(columns[1]))
        .sum();
  }

  private LeakApp() {}
}
