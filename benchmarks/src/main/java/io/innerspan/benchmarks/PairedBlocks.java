package io.innerspan.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Programs that are open at once and measured within the same seconds. JVMs run short blocks of
 * inferences one after the other, while the others wait; sessions of one JVM take turns within a
 * block.
 */
final class PairedBlocks<K> {
  private final Map<K, Program> programs;
  private final K baseline;

  /**
   * @param programs by what they stand for; the map may still be filled
   * @param baseline what the others are compared with
   */
  PairedBlocks(Map<K, Program> programs, K baseline) {
    this.programs = programs;
    this.baseline = baseline;
  }

  /**
   * Measures every program once, in random order, each between two blocks of the baseline or by
   * turns with it.
   *
   * @return latencies in microseconds
   */
  Map<K, PairedRound> round(Shape shape, int threads, int runs, Random random) throws IOException {
    List<K> order = new ArrayList<>(programs.keySet());
    order.remove(baseline);
    Collections.shuffle(order, random);
    Map<K, PairedRound> round = new LinkedHashMap<>();
    Program against = Program.of(baseline, programs);
    double[] before = {};
    for (K each : order) {
      Program program = Program.of(each, programs);
      if (program.child() == against.child()) {
        round.put(each, program.beside(against, shape, threads, runs));
        continue;
      }
      if (before.length == 0) {
        before = against.block(shape, threads, runs);
      }
      double[] candidate = program.block(shape, threads, runs);
      double[] after = against.block(shape, threads, runs);
      round.put(each, new PairedRound(candidate, Samples.concat(List.of(before, after))));
      before = after;
    }
    return round;
  }
}
