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
 * runs session...} is answered by a line with nanoseconds, run by run those of each session. The
 * sessions take turns. Between blocks it is blocked in a read.
 */
public final class InferenceLoop {
  /** What it says when its session is open. */
  public static final String READY = "ready";

  /** Where in a command the sessions begin. */
  static final int SESSIONS = 4;

  private final ExecutorService callers;

  private InferenceLoop(ExecutorService callers) {
    this.callers = callers;
  }

  /**
   * Serves until the end of its standard input.
   *
   * @param arguments the models' files: a session is opened on each, in their order
   */
  public static void main(String[] arguments) throws Exception {
    ExecutorService callers = Executors.newCachedThreadPool();
    List<OrtSession> sessions = new ArrayList<>();
    try {
      for (String file : arguments) {
        sessions.add(MiniLm.open(file));
      }
      System.out.println(READY);
      InferenceLoop loop = new InferenceLoop(callers);
      BufferedReader commands =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      String command;
      while ((command = commands.readLine()) != null) {
        int[] numbers = Arrays.stream(command.split(" ")).mapToInt(Integer::parseInt).toArray();
        List<OrtSession> turns =
            Arrays.stream(numbers).skip(SESSIONS).mapToObj(sessions::get).toList();
        System.out.println(
            loop.block(turns, numbers[0], numbers[1], numbers[2], numbers[3]).stream()
                .map(String::valueOf)
                .collect(Collectors.joining(" ")));
      }
    } finally {
      callers.shutdown();
      for (OrtSession session : sessions) {
        session.close();
      }
    }
  }

  private List<Long> block(
      List<OrtSession> sessions, int batch, int sequence, int threads, int runs) throws Exception {
    CyclicBarrier start = new CyclicBarrier(threads);
    List<Future<long[]>> parts = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      int seed = thread;
      parts.add(
          callers.submit(() -> calls(sessions, MiniLm.inputs(batch, sequence, seed), runs, start)));
    }
    List<Long> nanos = new ArrayList<>();
    for (Future<long[]> part : parts) {
      Arrays.stream(part.get()).forEach(nanos::add);
    }
    return nanos;
  }

  private static long[] calls(
      List<OrtSession> sessions, Map<String, OnnxTensor> inputs, int runs, CyclicBarrier start)
      throws Exception {
    try {
      start.await();
      for (OrtSession session : sessions) {
        call(session, inputs); // Others had the caches: not counted.
      }
      int count = sessions.size();
      long[] nanos = new long[runs * count];
      for (int run = 0; run < runs; run++) {
        for (int turn = 0; turn < count; turn++) {
          int session = (run + turn) % count; // None is always the first.
          nanos[run * count + session] = call(sessions.get(session), inputs);
        }
      }
      return nanos;
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private static long call(OrtSession session, Map<String, OnnxTensor> inputs) throws Exception {
    long begin = System.nanoTime();
    session.run(inputs).close();
    return System.nanoTime() - begin;
  }
}
