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
  /** Records a value; one that is absent is left out. */
  void record(double value, Context context) {
    if (!Double.isNaN(value)) {
      histogram.record(value, labels, context);
    }
  }
}
