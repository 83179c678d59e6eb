package io.innerspan.benchmarks.application;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * Runs inferences in blocks, as it is told on standard input: a line {@code batch sequence threads
 * runs} is answered by a line with each run's nanoseconds. Between blocks it is blocked in a read.
 */
public final class InferenceLoop {
  /** What it says when its session is open. */
  public static final String READY = "ready";

  private final OrtSession session;
  private final ExecutorService callers;

  private InferenceLoop(OrtSession session, ExecutorService callers) {
    this.session = session;
    this.callers = callers;
  }

  /**
   * Serves until the end of its standard input.
   *
   * @param arguments the model's file
   */
  public static void main(String[] arguments) throws Exception {
    ExecutorService callers = Executors.newCachedThreadPool();
    try (OrtSession session = MiniLm.open(arguments[0])) {
      System.out.println(READY);
      InferenceLoop loop = new InferenceLoop(session, callers);
      BufferedReader commands =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      String command;
      while ((command = commands.readLine()) != null) {
        int[] numbers = Arrays.stream(command.split(" ")).mapToInt(Integer::parseInt).toArray();
        System.out.println(
            loop.block(numbers[0], numbers[1], numbers[2], numbers[3]).stream()
                .map(String::valueOf)
                .collect(Collectors.joining(" ")));
      }
    } finally {
      callers.shutdown();
    }
  }

  private List<Long> block(int batch, int sequence, int threads, int runs) throws Exception {
    CyclicBarrier start = new CyclicBarrier(threads);
    List<Future<List<Long>>> parts = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      int seed = thread;
      parts.add(callers.submit(() -> calls(batch, sequence, seed, runs, start)));
    }
    List<Long> nanos = new ArrayList<>();
    for (Future<List<Long>> part : parts) {
      nanos.addAll(part.get());
    }
    return nanos;
  }

  private List<Long> calls(int batch, int sequence, int seed, int runs, CyclicBarrier start)
      throws Exception {
    Map<String, OnnxTensor> inputs = MiniLm.inputs(batch, sequence, seed);
    try {
      start.await();
      call(inputs); // Other JVMs had the caches: not counted.
      List<Long> nanos = new ArrayList<>(runs);
      for (int run = 0; run < runs; run++) {
        nanos.add(call(inputs));
      }
      return nanos;
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private long call(Map<String, OnnxTensor> inputs) throws Exception {
    long begin = System.nanoTime();
    session.run(inputs).close();
    return System.nanoTime() - begin;
  }
}
