package io.innerspan.recorder;

import io.innerspan.signals.Reading;
import io.opentelemetry.context.Context;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Puts the scores of one model's probes into those of the slices they belong to. Thread-safe. */
final class SliceScores {
  private final CohortMetrics cohorts;
  private final ProbeTable probes;

  /** The series of each slice that are its own, by probe: found again without a search for each. */
  private final Map<Slice, @Nullable Series[]> known = new ConcurrentHashMap<>();

  private record Slice(int key, String value) {}

  SliceScores(CohortMetrics cohorts, ProbeTable probes) {
    this.cohorts = cohorts;
    this.probes = probes;
  }

  /** The slices of one reading. */
  final class OfReading {
    private final @Nullable String[] slices;
    private final @Nullable Series[][] own;

    private OfReading(@Nullable String[] slices) {
      this.slices = slices;
      this.own = new Series[slices.length][];
      for (int key = 0; key < own.length; key++) {
        String value = slices[key];
        if (value != null) {
          own[key] = known.computeIfAbsent(new Slice(key, value), any -> new Series[probes.size()]);
        }
      }
    }

    /**
     * Records scores of a probe.
     *
     * @param count how many, from the beginning on
     */
    void record(int probe, double[] scores, int count) {
      for (int key = 0; key < own.length && count > 0; key++) {
        String value = slices[key];
        if (value != null) {
          SliceScores.record(series(own[key], probe, key, value), scores, count);
        }
      }
    }
  }

  /**
   * Begins with a reading.
   *
   * @param slices for each key the slice, from a bounded set, or null
   */
  OfReading of(Reading reading, @Nullable String[] slices) {
    cohorts.count(slices, reading.rows());
    return new OfReading(slices);
  }

  private @Nullable Series series(@Nullable Series[] own, int probe, int key, String value) {
    Series series = own[probe];
    if (series == null) {
      series = cohorts.scores().own(probes.probe(probe).labels(), key, value);
      own[probe] = series;
    }
    return series == null ? cohorts.scores().folded(probes.probe(probe).labels(), key) : series;
  }

  private static void record(@Nullable Series series, double[] scores, int count) {
    if (series != null) {
      for (int row = 0; row < count; row++) {
        series.record(scores[row], Context.root());
      }
    }
  }
}
