package io.innerspan.recorder;

import io.opentelemetry.api.trace.Span;
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
  private final ProbeTable probes;
  private final int limit;
  private final @Nullable ProbeSteps steps;
  private final int each;
  private final boolean everyLabel;

  /**
   * @param probes all probes that may have a score
   * @param limit how many attributes they may set
   * @param steps what there is to say beside scores and labels, or null
   */
  SpanScores(Span span, ProbeTable probes, int limit, @Nullable ProbeSteps steps) {
    this.span = span;
    this.probes = probes;
    this.limit = limit;
    this.steps = steps;
    this.each = steps == null ? 1 : 1 + ProbeSteps.ATTRIBUTES;
    this.everyLabel = probes.attributes() <= EVERY_LABEL;
  }

  /** Writes what fits of the probes' largest logits; NaN is none. */
  void write(float[] logits) {
    if (probes.attributes() + (each - 1) * probes.size() > limit) {
      writeFirst(logits);
      return;
    }
    for (int probe = 0; probe < logits.length; probe++) {
      if (!Float.isNaN(logits[probe])) {
        write(probe, logits[probe]);
      }
    }
  }

  private void writeFirst(float[] logits) {
    Ranking ranking = new Ranking(probes, logits);
    int positive = ranking.positive();
    // A positive probe has one attribute more than another one: its label.
    int room =
        (each + 1) * positive > limit
            ? limit / (each + 1)
            : positive + (limit - (each + 1) * positive) / each;
    int kept = Math.min(ranking.size(), room);
    ranking.select(kept);
    for (int i = 0; i < kept; i++) {
      int probe = ranking.probe(i);
      write(probe, logits[probe]);
    }
    if (kept < ranking.size()) {
      span.setAttribute(Keys.OMITTED_PROBES, (long) (ranking.size() - kept));
    }
  }

  private void write(int probe, double logit) {
    probes.write(span, probe, logit, everyLabel);
    if (steps != null) {
      steps.write(span, probe);
    }
  }

  /** Probes by what they tell, without an object for each. */
  private static final class Ranking {
    // A key holds, from the highest bits: whether the score is positive, the bits of the calibrated
    // logit, changed so that they ascend with it, and, of equals the first, the probe.
    private static final int PROBE_BITS = 20;
    private static final long PROBE_MASK = (1L << PROBE_BITS) - 1;
    private static final long POSITIVE = 1L << 62;

    private final long[] keys;
    private int size;
    private int positive;

    Ranking(ProbeTable probes, float[] logits) {
      keys = new long[logits.length];
      for (int probe = 0; probe < logits.length; probe++) {
        if (!Float.isNaN(logits[probe])) {
          add(
              probe,
              probes.isPositive(probe, logits[probe]),
              probes.calibrated(probe, logits[probe]));
        }
      }
    }

    private void add(int probe, boolean isPositive, float calibrated) {
      int bits = Float.floatToRawIntBits(calibrated);
      long ascending = Integer.toUnsignedLong(bits ^ (bits >> 31 | Integer.MIN_VALUE));
      keys[size++] = (isPositive ? POSITIVE : 0) | ascending << PROBE_BITS | (PROBE_MASK - probe);
      positive += isPositive ? 1 : 0;
    }

    /** Brings the {@code count} largest keys to the front, in no order (Hoare's selection). */
    void select(int count) {
      int from = 0;
      int to = size - 1;
      while (from < to) {
        long pivot = keys[(from + to) >>> 1];
        int left = from;
        int right = to;
        while (left <= right) {
          while (keys[left] > pivot) {
            left++;
          }
          while (keys[right] < pivot) {
            right--;
          }
          if (left <= right) {
            long key = keys[left];
            keys[left++] = keys[right];
            keys[right--] = key;
          }
        }
        if (count <= right) {
          to = right;
        } else if (count > left) {
          from = left;
        } else {
          return;
        }
      }
    }

    int size() {
      return size;
    }

    int positive() {
      return positive;
    }

    int probe(int index) {
      return (int) (PROBE_MASK - (keys[index] & PROBE_MASK));
    }
  }
}
