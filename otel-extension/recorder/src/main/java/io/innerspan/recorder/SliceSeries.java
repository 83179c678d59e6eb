package io.innerspan.recorder;

import io.innerspan.semconv.CohortMeasure;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The time series of one histogram by slice of the traffic, of which the SDK never sees too many:
 * it would throw the later ones together, whatever they are about. The first {@value #OWN}
 * combinations of a slice and of what else is told apart have series of their own; values of others
 * go into the slice {@code _OTHER} while there is room for it, and are counted as folded.
 * Thread-safe.
 */
final class SliceSeries {
  /** The SDK holds 2,000 for an instrument. */
  static final int OWN = 1_500;

  /** Series for what is folded, on top. */
  static final int FOLDED = 400;

  private final Cohorts cohorts;
  private final DoubleHistogram histogram;
  private final LongCounter folded;
  private final Attributes[] foldedLabels;
  private final Map<Slice, Series> own = new ConcurrentHashMap<>();
  private final Map<Slice, Series> shared = new ConcurrentHashMap<>();
  private final AtomicInteger ownCount = new AtomicInteger();
  private final AtomicInteger sharedCount = new AtomicInteger();

  /** What is told apart besides, by its labels, which are made once; and one value of one key. */
  private record Slice(Attributes labels, int key, String value) {}

  /**
   * @param measure what the histogram holds
   * @param folded counts what is folded
   */
  SliceSeries(
      Cohorts cohorts, DoubleHistogram histogram, CohortMeasure measure, LongCounter folded) {
    this.cohorts = cohorts;
    this.histogram = histogram;
    this.folded = folded;
    this.foldedLabels = new Attributes[cohorts.size()];
    for (int key = 0; key < foldedLabels.length; key++) {
      foldedLabels[key] =
          Attributes.of(Keys.COHORT_KEY, cohorts.key(key), Keys.COHORT_MEASURE, measure.value());
    }
  }

  /**
   * The series of a slice.
   *
   * @param labels of the series that are not sliced
   * @return null when the slice has none of its own
   */
  @Nullable Series own(Attributes labels, int key, String value) {
    if (value.equals(BoundedNames.OTHER)) {
      return null;
    }
    Slice slice = new Slice(labels, key, value);
    Series known = own.get(slice);
    if (known != null) {
      return known;
    }
    return ownCount.get() < OWN && ownCount.getAndIncrement() < OWN
        ? own.computeIfAbsent(slice, this::make)
        : null;
  }

  /** Where values of slices go that have no series of their own, or null when there is no room. */
  @Nullable Series folded(Attributes labels, int key) {
    folded.add(1, foldedLabels[key]);
    Slice rest = new Slice(labels, key, BoundedNames.OTHER);
    Series last = shared.get(rest);
    if (last != null) {
      return last;
    }
    return sharedCount.get() < FOLDED && sharedCount.getAndIncrement() < FOLDED
        ? shared.computeIfAbsent(rest, this::make)
        : null;
  }

  private Series make(Slice slice) {
    Attributes labels =
        slice.labels().toBuilder()
            .put(Keys.COHORT_KEY, cohorts.key(slice.key()))
            .put(Keys.COHORT_VALUE, slice.value())
            .build();
    return new Series(histogram, labels);
  }
}
