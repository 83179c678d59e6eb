package io.innerspan.workbench.features;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/** What is counted of one feature while texts go by; its memory does not grow with them. */
final class FeatureTally {
  /** A text's activations of this feature, by token. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Candidate(double activation, int text, int[] tokens, float[] values) {}

  /** The weakest first; of equally strong ones the later text is the weaker. */
  private static final Comparator<Candidate> WEAKEST =
      Comparator.comparingDouble(Candidate::activation)
          .thenComparing(Comparator.comparingInt(Candidate::text).reversed());

  private final int most;
  private final PriorityQueue<Candidate> examples = new PriorityQueue<>(WEAKEST);
  private final Map<Integer, Long> histogram = new TreeMap<>();
  private long active;
  private double sum;
  private double max;

  FeatureTally(int most) {
    this.most = most;
  }

  /**
   * Adds one text's activations.
   *
   * @param tokens of the store
   * @param values above 0
   */
  void add(int text, int[] tokens, float[] values) {
    double strongest = 0;
    for (float value : values) {
      strongest = Math.max(strongest, value);
      sum += value;
      histogram.merge((int) Math.floor(4 * Math.log(value) / Math.log(2)), 1L, Long::sum);
    }
    active += values.length;
    max = Math.max(max, strongest);
    if (most > 0) {
      Candidate candidate = new Candidate(strongest, text, tokens, values);
      if (examples.size() < most) {
        examples.add(candidate);
      } else if (WEAKEST.compare(candidate, examples.peek()) > 0) {
        examples.poll();
        examples.add(candidate);
      }
    }
  }

  long active() {
    return active;
  }

  double mean() {
    return active == 0 ? 0 : sum / active;
  }

  double max() {
    return max;
  }

  Map<Integer, Long> histogram() {
    return histogram;
  }

  /** The strongest first. */
  List<Candidate> examples() {
    List<Candidate> sorted = new ArrayList<>(examples);
    sorted.sort(WEAKEST.reversed());
    return sorted;
  }
}
