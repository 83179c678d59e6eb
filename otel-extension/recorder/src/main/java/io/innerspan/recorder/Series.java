package io.innerspan.recorder;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.context.Context;

/**
 * One time series of a histogram.
 *
 * @param histogram where values go
 * @param labels made once
 */
record Series(DoubleHistogram histogram, Attributes labels) {
  /**
   * Records a value; one that is absent is left out. Histograms take nothing below 0, where
   * rounding may leave a value that cannot be negative.
   */
  void record(double value, Context context) {
    if (!Double.isNaN(value)) {
      histogram.record(Math.max(0, value), labels, context);
    }
  }
}
