package io.innerspan.benchmarks.application;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Runs inferences at a rate, as it is told on standard input: a line {@code batch sequence rate
 * seconds} is answered by a line with each run's nanoseconds. Every two seconds {@value #FAILURES}
 * fail besides, which are not among them.
 */
public final class PacedLoop {
  /** What it says when its session is open. */
  public static final String READY = "ready";

  /** How many inferences fail at once. */
  public static final int FAILURES = 2;

  /** How long there is between them. */
  public static final int SECONDS_BETWEEN_FAILURES = 2;

  /**
   * Serves until the end of its standard input.
   *
   * @param arguments the model's file
   */
  public static void main(String[] arguments) throws Exception {
    try (OrtSession session = MiniLm.open(arguments[0])) {
      System.out.println(READY);
      BufferedReader commands =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      String command;
      while ((command = commands.readLine()) != null) {
        int[] numbers = Arrays.stream(command.split(" ")).mapToInt(Integer::parseInt).toArray();
        System.out.println(
            Arrays.stream(run(session, numbers[0], numbers[1], numbers[2], numbers[3]))
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(" ")));
      }
    }
  }

  private static long[] run(OrtSession session, int batch, int sequence, int rate, int seconds)
      throws Exception {
    Map<String, OnnxTensor> inputs = MiniLm.inputs(batch, sequence, 1);
    try {
      long[] nanos = new long[rate * seconds];
      long begin = System.nanoTime();
      for (int run = 0; run < nanos.length; run++) {
        long due = begin + run * 1_000_000_000L / rate;
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        long started = System.nanoTime();
        session.run(inputs).close();
        nanos[run] = System.nanoTime() - started;
        if (run % (rate * SECONDS_BETWEEN_FAILURES) == rate / 2) {
          fail(session);
        }
      }
      return nanos;
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private static void fail(OrtSession session) {
    for (int i = 0; i < FAILURES; i++) {
      try {
        session.run(Map.of()).close();
        throw new IllegalStateException("expected a model without inputs to fail");
      } catch (OrtException e) {
        // As expected.
      }
    }
  }

  private PacedLoop() {}
}
