package io.innerspan.recorder;

import io.innerspan.semconv.InnerspanMetrics;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Probe scores by slice of the traffic, in series of which the SDK never sees too many: it would
 * throw the later ones together, whatever they are about. The first {@value #SERIES} combinations
 * of model, probe and slice have series of their own; rows of others go into the slice {@code
 * _OTHER} of their probe while there is room for it, and are counted as folded. Thread-safe.
 */
final class CohortMetrics {
  /** The SDK holds 2,000 for an instrument. */
  static final int SERIES = 1_500;

  /** Series for what is folded, on top. */
  static final int FOLDED_SERIES = 400;

  private final Cohorts cohorts;
  private final DoubleHistogram scores;
  private final LongCounter rows;
  private final LongCounter folded;
  private final Map<Slice, Series> own = new ConcurrentHashMap<>();
  private final Map<Slice, Series> shared = new ConcurrentHashMap<>();
  private final AtomicInteger ownCount = new AtomicInteger();
  private final AtomicInteger sharedCount = new AtomicInteger();

  /** A probe of one model and one value of one key; by their labels, which are made once. */
  private record Slice(Attributes probe, int key, String value) {}

  CohortMetrics(Cohorts cohorts, Meter meter) {
    this.cohorts = cohorts;
    this.scores =
        Instruments.histogram(
            meter,
            InnerspanMetrics.COHORT_SCORE,
            InnerspanMetrics.COHORT_SCORE_UNIT,
            InnerspanMetrics.COHORT_SCORE_DESCRIPTION,
            InnerspanMetrics.COHORT_SCORE_BUCKETS);
    this.rows =
        meter
            .counterBuilder(InnerspanMetrics.COHORT_ROW)
            .setUnit(InnerspanMetrics.COHORT_ROW_UNIT)
            .setDescription(InnerspanMetrics.COHORT_ROW_DESCRIPTION)
            .build();
    this.folded =
        meter
            .counterBuilder(InnerspanMetrics.COHORT_FOLDED)
            .setUnit(InnerspanMetrics.COHORT_FOLDED_UNIT)
            .setDescription(InnerspanMetrics.COHORT_FOLDED_DESCRIPTION)
            .build();
  }

  Cohorts cohorts() {
    return cohorts;
  }

  /** An inference of so many rows was read. */
  void count(@Nullable String[] slices, int count) {
    for (int key = 0; key < slices.length; key++) {
      String value = slices[key];
      if (value != null) {
        rows.add(count, labels(Attributes.empty(), key, value));
      }
    }
  }

  /**
   * The series of a probe in a slice.
   *
   * @param probe the labels of the probe's other series
   * @return null when the slice has none of its own
   */
  @Nullable Series own(Attributes probe, int key, String value) {
    if (value.equals(BoundedNames.OTHER)) {
      return null;
    }
    Slice slice = new Slice(probe, key, value);
    Series known = own.get(slice);
    if (known != null) {
      return known;
    }
    return ownCount.get() < SERIES && ownCount.getAndIncrement() < SERIES
        ? own.computeIfAbsent(slice, this::make)
        : null;
  }

  /** Where scores of slices go that have no series of their own, or null when there is no room. */
  @Nullable Series folded(Attributes probe, int key) {
    folded.add(1, Attributes.of(Keys.COHORT_KEY, cohorts.key(key)));
    Slice rest = new Slice(probe, key, BoundedNames.OTHER);
    Series last = shared.get(rest);
    if (last != null) {
      return last;
    }
    return sharedCount.get() < FOLDED_SERIES && sharedCount.getAndIncrement() < FOLDED_SERIES
        ? shared.computeIfAbsent(rest, this::make)
        : null;
  }

  private Series make(Slice slice) {
    return new Series(scores, labels(slice.probe(), slice.key(), slice.value()));
  }

  private Attributes labels(Attributes probe, int key, String value) {
    return probe.toBuilder()
        .put(Keys.COHORT_KEY, cohorts.key(key))
        .put(Keys.COHORT_VALUE, value)
        .build();
  }
}
