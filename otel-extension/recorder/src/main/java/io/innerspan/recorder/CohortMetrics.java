package io.innerspan.recorder;

import io.innerspan.semconv.CohortMeasure;
import io.innerspan.semconv.InnerspanMetrics;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/** Probe scores, durations and rows by slice of the traffic. Thread-safe. */
final class CohortMetrics {
  private final Cohorts cohorts;
  private final SliceSeries scores;
  private final SliceSeries durations;
  private final LongCounter rows;

  CohortMetrics(Cohorts cohorts, Meter meter) {
    LongCounter folded =
        meter
            .counterBuilder(InnerspanMetrics.COHORT_FOLDED)
            .setUnit(InnerspanMetrics.COHORT_FOLDED_UNIT)
            .setDescription(InnerspanMetrics.COHORT_FOLDED_DESCRIPTION)
            .build();
    this.cohorts = cohorts;
    this.scores =
        new SliceSeries(
            cohorts,
            Instruments.histogram(
                meter,
                InnerspanMetrics.COHORT_SCORE,
                InnerspanMetrics.COHORT_SCORE_UNIT,
                InnerspanMetrics.COHORT_SCORE_DESCRIPTION,
                InnerspanMetrics.COHORT_SCORE_BUCKETS),
            CohortMeasure.SCORE,
            folded);
    this.durations =
        new SliceSeries(
            cohorts,
            Instruments.histogram(
                meter,
                InnerspanMetrics.COHORT_DURATION,
                InnerspanMetrics.COHORT_DURATION_UNIT,
                InnerspanMetrics.COHORT_DURATION_DESCRIPTION,
                InnerspanMetrics.COHORT_DURATION_BUCKETS),
            CohortMeasure.DURATION,
            folded);
    this.rows =
        meter
            .counterBuilder(InnerspanMetrics.COHORT_ROW)
            .setUnit(InnerspanMetrics.COHORT_ROW_UNIT)
            .setDescription(InnerspanMetrics.COHORT_ROW_DESCRIPTION)
            .build();
  }

  Cohorts cohorts() {
    return cohorts;
  }

  /** Where probes' scores go. */
  SliceSeries scores() {
    return scores;
  }

  /** An inference of so many rows was read. */
  void count(@Nullable String[] slices, int count) {
    for (int key = 0; key < slices.length; key++) {
      String value = slices[key];
      if (value != null) {
        rows.add(count, Attributes.of(Keys.COHORT_KEY, cohorts.key(key), Keys.COHORT_VALUE, value));
      }
    }
  }

  /**
   * An inference ended.
   *
   * @param labels of its duration, with the kind of its error if it failed
   * @param context of the inference
   */
  void took(double seconds, Attributes labels, Context context) {
    @Nullable String[] slices = Cohorts.of(context);
    if (slices == null) {
      return;
    }
    for (int key = 0; key < slices.length; key++) {
      String value = slices[key];
      if (value != null) {
        Series own = durations.own(labels, key, value);
        Series series = own == null ? durations.folded(labels, key) : own;
        if (series != null) {
          series.record(seconds, context);
        }
      }
    }
  }
}
