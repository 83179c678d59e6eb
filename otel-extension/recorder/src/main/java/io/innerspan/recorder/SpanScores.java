package io.innerspan.recorder;

import io.opentelemetry.api.trace.Span;
import java.util.Arrays;

/**
 * Puts scores and labels on a span. SDKs hold 128 attributes per span and drop what comes later;
 * {@value #LIMIT} of them are for probes. When these do not suffice, the probes over their
 * threshold come first, then those with the highest scores, and the span says how many are left
 * out.
 */
final class SpanScores {
  static final int LIMIT = 96;

  // A key for sorting holds a probe's number in its low bits, and a score's high bits above.
  private static final int INDEX_BITS = 20;
  private static final long INDEX_MASK = (1L << INDEX_BITS) - 1;
  private static final long POSITIVE = 1L << 62;

  private final ProbeRecorder[] probes;
  private final boolean allFit;

  SpanScores(ProbeRecorder[] probes) {
    this.probes = probes;
    int attributes = 0;
    for (ProbeRecorder probe : probes) {
      attributes += probe.spanAttributes();
    }
    this.allFit = attributes <= LIMIT;
  }

  /**
   * Writes.
   *
   * @param scores the largest score of each probe, NaN where there is none
   */
  void write(Span span, double[] scores) {
    if (allFit) {
      for (int i = 0; i < scores.length; i++) {
        if (!Double.isNaN(scores[i])) {
          probes[i].write(span, scores[i]);
        }
      }
    } else {
      writeMostTelling(span, scores);
    }
  }

  private void writeMostTelling(Span span, double[] scores) {
    long[] order = order(scores);
    int room = LIMIT;
    int omitted = 0;
    for (int i = order.length - 1; i >= 0; i--) {
      int index = (int) (INDEX_MASK - (order[i] & INDEX_MASK));
      ProbeRecorder probe = probes[index];
      if (probe.spanAttributes() <= room) {
        room -= probe.spanAttributes();
        probe.write(span, scores[index]);
      } else {
        // None of lower rank may take the room that is left.
        room = 0;
        omitted++;
      }
    }
    if (omitted > 0) {
      span.setAttribute(Keys.OMITTED_PROBES, (long) omitted);
    }
  }

  /** The probes that have a score, the most telling last. */
  private long[] order(double[] scores) {
    long[] order = new long[scores.length];
    int count = 0;
    for (int i = 0; i < scores.length; i++) {
      if (!Double.isNaN(scores[i])) {
        // Scores are at most 1, so that their bits, which ascend with them, stay below POSITIVE.
        long key = Double.doubleToRawLongBits(scores[i]) & ~INDEX_MASK;
        long rank = probes[i].isPositive(scores[i]) ? POSITIVE : 0;
        order[count++] = rank | key | (INDEX_MASK - i);
      }
    }
    long[] present = count == order.length ? order : Arrays.copyOf(order, count);
    Arrays.sort(present);
    return present;
  }
}
