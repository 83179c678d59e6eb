package io.innerspan.benchmarks;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What runs blocks of inferences: one session of a measured program.
 *
 * @param session its number, from 0, in the order of opening
 */
record Program(Child child, int session) {
  private static final double MICROS = 1e-3;

  /** The only session of a program. */
  static Program of(Child child) {
    return new Program(child, 0);
  }

  /** The sessions of a program, by what they stand for in the order of opening. */
  static <K> Map<K, Program> sessions(Child child, List<K> order) {
    Map<K, Program> sessions = new LinkedHashMap<>();
    for (K each : order) {
      sessions.put(each, new Program(child, sessions.size()));
    }
    return sessions;
  }

  /** What stands for something among programs that run. */
  static <K> Program of(K which, Map<K, Program> programs) {
    Program program = programs.get(which);
    if (program == null) {
      throw new IllegalStateException(which + " does not run");
    }
    return program;
  }

  /** Runs one block: each run's microseconds. */
  double[] block(Shape shape, int threads, int runs) throws IOException {
    return micros(shape, threads, runs, String.valueOf(session));
  }

  /**
   * Runs one block in which two sessions of one program take turns: what slows a machine down for a
   * moment slows both.
   *
   * @return microseconds
   */
  PairedRound beside(Program baseline, Shape shape, int threads, int runs) throws IOException {
    double[] both = micros(shape, threads, runs, session + " " + baseline.session);
    int width = both.length / (2 * runs * threads); // The numbers of one run.
    double[] candidate = new double[both.length / 2];
    double[] before = new double[both.length / 2];
    for (int i = 0; i < candidate.length; i++) {
      int at = i / width * 2 * width + i % width;
      candidate[i] = both[at];
      before[i] = both[at + width];
    }
    return new PairedRound(candidate, before);
  }

  private double[] micros(Shape shape, int threads, int runs, String sessions) throws IOException {
    child.send(
        shape.batch() + " " + shape.sequence() + " " + threads + " " + runs + " " + sessions);
    return Arrays.stream(child.receive().split(" "))
        .mapToDouble(nanos -> Long.parseLong(nanos) * MICROS)
        .toArray();
  }
}
