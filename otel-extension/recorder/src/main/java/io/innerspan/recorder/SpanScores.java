package io.innerspan.recorder;

import io.opentelemetry.api.trace.Span;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The scores and labels of one span, as far as there is room. When that does not suffice, the
 * probes over their threshold come first, then those with the highest scores, and the span says how
 * many are left out. Where scores and labels need more than {@value #EVERY_LABEL} attributes, only
 * positive labels are written: the SDK's table of attributes doubles past 32, which costs more than
 * the rest of the span, and a probe without a label is below its threshold. Confined to one thread.
 */
final class SpanScores {
  static final int EVERY_LABEL = 24;

  private final Span span;
  private final int limit;
  private final ProbeRecorder[] probes;
  private final boolean everyLabel;
  private final @Nullable Ranking ranking;

  /**
   * Begins a span's scores.
   *
   * @param probes all probes that may have a score
   * @param attributes the sum of their {@link ProbeRecorder#spanAttributes}
   * @param limit how many attributes they may set
   */
  SpanScores(Span span, ProbeRecorder[] probes, int attributes, int limit) {
    this.span = span;
    this.limit = limit;
    this.probes = probes;
    this.everyLabel = attributes <= EVERY_LABEL;
    this.ranking = attributes <= limit ? null : new Ranking(probes.length);
  }

  /** Takes the largest score of a probe, each probe once. */
  void add(int probe, double score) {
    if (ranking == null) {
      probes[probe].write(span, score, everyLabel);
    } else {
      ranking.add(probe, score, probes[probe].isPositive(score));
    }
  }

  /** All probes have had their turn. */
  void end() {
    if (ranking != null) {
      writeMostTelling(ranking);
    }
  }

  private void writeMostTelling(Ranking ranking) {
    ranking.sort();
    int room = limit;
    int rank = 0;
    while (rank < ranking.size()) {
      int probe = ranking.probe(rank);
      double score = ranking.score(rank);
      room -= probes[probe].isPositive(score) ? 2 : 1;
      if (room < 0) {
        break;
      }
      probes[probe].write(span, score, everyLabel);
      rank++;
    }
    if (rank < ranking.size()) {
      span.setAttribute(Keys.OMITTED_PROBES, (long) (ranking.size() - rank));
    }
  }

  /** Probes by what they tell, without an object for each. */
  private static final class Ranking {
    // A key holds, from the highest bits: whether the score is positive, the score's own bits
    // (which ascend with scores of at most 1) but the last ones, and instead of these the probe.
    private static final int PROBE_BITS = 20;
    private static final long PROBE_MASK = (1L << PROBE_BITS) - 1;
    private static final long POSITIVE = 1L << 62;

    private final long[] keys;
    private final double[] scores;
    private int size;

    Ranking(int probes) {
      keys = new long[probes];
      scores = new double[probes];
    }

    void add(int probe, double score, boolean positive) {
      long bits = Double.doubleToRawLongBits(score) & ~PROBE_MASK;
      // Of equals the first probe: it has the largest key.
      keys[size++] = (positive ? POSITIVE : 0) | bits | (PROBE_MASK - probe);
      scores[probe] = score;
    }

    void sort() {
      Arrays.sort(keys, 0, size);
    }

    int size() {
      return size;
    }

    int probe(int rank) {
      return (int) (PROBE_MASK - (keys[size - 1 - rank] & PROBE_MASK));
    }

    double score(int rank) {
      return scores[probe(rank)];
    }
  }
}
