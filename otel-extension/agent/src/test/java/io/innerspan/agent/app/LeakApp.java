package io.innerspan.agent.app;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.management.ObjectName;

/**
 * Runs or opens a small model as often as it is told, and prints after equal stretches what the
 * process holds: resident memory, heap after a collection, instances of ONNX Runtime's classes, of
 * ours, of readings that wait to be recorded, and descriptors.
 */
final class LeakApp {
  private static final int STRETCHES = 12;

  /** How often is looked again while the agent may still work on a session that was closed. */
  private static final int LOOKS = 100;

  private static final long BETWEEN_LOOKS_NANOS = 20_000_000;

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final Path model;

  /** Of ONNX Runtime's classes, after any stretch. */
  private long fewestInstances = Long.MAX_VALUE;

  private LeakApp(Path model) {
    this.model = model;
  }

  /**
   * Arguments: the model; {@code runs}, {@code generations}, {@code sessions} or {@code leak}; how
   * many.
   */
  public static void main(String[] arguments) throws Exception {
    LeakApp app = new LeakApp(Path.of(arguments[0]));
    int each = Integer.parseInt(arguments[2]) / STRETCHES;
    switch (arguments[1]) {
      case "runs" -> app.runs(each, (session, count) -> app.stretch(session, count, false));
      case "leak" -> app.runs(each, (session, count) -> app.stretch(session, count, true));
      case "generations" -> app.runs(each, LeakApp::generate);
      default -> app.sessions(each);
    }
    System.out.println("done");
  }

  private interface Stretch {
    void run(OrtSession session, int count) throws OrtException;
  }

  /** Texts of up to 24 tokens, until there are as many steps. */
  private static void generate(OrtSession session, int steps) throws OrtException {
    GreedyDecoder decoder = new GreedyDecoder(session);
    for (int done = 0; done < steps; ) {
      int length = Math.min(steps - done, 8 + done % 16);
      decoder.generate(new long[] {0, 3, done % 40}, length, (result, tokens) -> {});
      done += length;
    }
  }

  private void runs(int each, Stretch work) throws Exception {
    try (OrtSession session = open()) {
      System.out.println("open");
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
      work.run(session, Math.min(6_000, 6 * each)); // What a JVM needs to settle.
      for (int stretch = 0; stretch < STRETCHES; stretch++) {
        work.run(session, each);
        printHeld((stretch + 1) * each);
      }
    }
  }

  private void sessions(int each) throws Exception {
    System.out.println("open");
    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    openAndClose(3 * each);
    for (int stretch = 0; stretch < STRETCHES; stretch++) {
      openAndClose(each);
      printHeld((stretch + 1) * each);
    }
  }

  /** Some are closed before they can be certified, others after hundreds of runs. */
  private void openAndClose(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      try (OrtSession session = open()) {
        stretch(session, i % 2 == 0 ? 0 : 200, false);
      }
    }
  }

  private OrtSession open() throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      return environment.createSession(model.toString(), options);
    }
  }

  private void stretch(OrtSession session, int count, boolean leak) throws OrtException {
    for (int i = 0; i < count; i++) {
      int batch = 1 + i % 4;
      int tokens = 3 + i % 6;
      Map<String, OnnxTensor> inputs = inputs(batch, tokens);
      OrtSession.Result result;
      if (i % 7 == 1) {
        result = session.run(inputs, Set.of("last_hidden_state"));
      } else if (i % 7 == 2) {
        result = withOptions(session, inputs);
      } else if (i % 500 == 3) {
        result = failing(session, inputs);
      } else {
        result = session.run(inputs);
      }
      if (result != null && !leak) {
        result.close();
      }
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private static OrtSession.Result withOptions(OrtSession session, Map<String, OnnxTensor> inputs)
      throws OrtException {
    try (OrtSession.RunOptions options = new OrtSession.RunOptions()) {
      options.setRunTag("tagged");
      return session.run(inputs, options);
    }
  }

  private static OrtSession.Result failing(OrtSession session, Map<String, OnnxTensor> inputs) {
    try {
      return session.run(inputs, Set.of("no such output"));
    } catch (OrtException e) {
      return null;
    }
  }

  private Map<String, OnnxTensor> inputs(int batch, int tokens) throws OrtException {
    long[][] ids = new long[batch][tokens];
    for (long[] row : ids) {
      Arrays.setAll(row, t -> (t * 7L) % 40);
    }
    long[][] mask = new long[batch][tokens];
    for (long[] row : mask) {
      Arrays.fill(row, 1);
    }
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    inputs.put("input_ids", OnnxTensor.createTensor(environment, ids));
    inputs.put("attention_mask", OnnxTensor.createTensor(environment, mask));
    return inputs;
  }

  private void printHeld(int done) throws Exception {
    List<String> histogram = settled();
    long waiting =
        instances(histogram, "io.innerspan.signals.Reading")
            + instances(histogram, "ReadingRecorder$Pending");
    Runtime runtime = Runtime.getRuntime();
    System.out.println(
        String.join(
            " ",
            "held",
            Integer.toString(done),
            Long.toString(residentBytes()),
            Long.toString(runtime.totalMemory() - runtime.freeMemory()),
            Long.toString(engine(histogram)),
            Long.toString(instances(histogram, "innerspan.") - waiting),
            Long.toString(waiting),
            Long.toString(descriptors())));
  }

  /**
   * The classes' instances after a collection. A session that is certified in the background as
   * this begins is let go soon, one that leaked never: looks again while there are more of ONNX
   * Runtime's than after an earlier stretch.
   */
  private List<String> settled() throws Exception {
    List<String> histogram = histogram();
    for (int look = 1; look < LOOKS && engine(histogram) > fewestInstances; look++) {
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
      histogram = histogram();
    }
    fewestInstances = Math.min(fewestInstances, engine(histogram));
    return histogram;
  }

  private static long engine(List<String> histogram) {
    return instances(histogram, "ai.onnxruntime.");
  }

  private static long residentBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    throw new IOException("no VmRSS in /proc/self/status");
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  private static List<String> histogram() throws Exception {
    Object text =
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcClassHistogram",
                new Object[] {new String[0]},
                new String[] {String[].class.getName()});
    return new ArrayList<>(text.toString().lines().toList());
  }

  private static long instances(List<String> histogram, String part) {
    return histogram.stream()
        .map(line -> line.trim().split("\\s+"))
        .filter(columns -> columns.length >= 4 && columns[3].contains(part))
        .mapToLong(columns -> Long.parseLong(columns[1]))
        .sum();
  }
}
