package io.innerspan.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Programs that are alive at once. One at a time runs a short block of inferences while the others
 * wait in a read, so that all are measured within the same seconds.
 */
final class PairedBlocks<K> {
  private static final double MICROS = 1e-3;

  private final Map<K, Child> children;
  private final K baseline;

  /**
   * @param children by what they stand for; the map may still be filled
   * @param baseline what the others are compared with
   */
  PairedBlocks(Map<K, Child> children, K baseline) {
    this.children = children;
    this.baseline = baseline;
  }

  /**
   * Measures every program once, in random order, each between two blocks of the baseline.
   *
   * @return latencies in microseconds
   */
  Map<K, PairedRound> round(Shape shape, int threads, int runs, Random random) throws IOException {
    List<K> order = new ArrayList<>(children.keySet());
    order.remove(baseline);
    Collections.shuffle(order, random);
    Map<K, PairedRound> round = new LinkedHashMap<>();
    double[] before = block(baseline, shape, threads, runs);
    for (K each : order) {
      double[] candidate = block(each, shape, threads, runs);
      double[] after = block(baseline, shape, threads, runs);
      round.put(each, new PairedRound(candidate, Samples.concat(List.of(before, after))));
      before = after;
    }
    return round;
  }

  private double[] block(K which, Shape shape, int threads, int runs) throws IOException {
    Child child = children.get(which);
    if (child == null) {
      throw new IllegalStateException(which + " does not run");
    }
    return block(child, shape, threads, runs);
  }

  /** One block of a program: each run's microseconds. */
  static double[] block(Child child, Shape shape, int threads, int runs) throws IOException {
    child.send(shape.batch() + " " + shape.sequence() + " " + threads + " " + runs);
    return Arrays.stream(child.receive().split(" "))
        .mapToDouble(nanos -> Long.parseLong(nanos) * MICROS)
        .toArray();
  }
}
