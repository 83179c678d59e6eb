package io.innerspan.recorder;

import io.innerspan.signals.Reading;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.context.Context;

/**
 * Records one activation norm of one model, as a metric only: its size means nothing without the
 * distribution it belongs to.
 *
 * @param column the norm's column
 * @param histogram where it goes
 * @param attributes the labels
 */
record NormRecorder(int column, DoubleHistogram histogram, Attributes attributes) {
  void record(Reading reading, Context context) {
    for (int row = 0; row < reading.rows(); row++) {
      double norm = reading.value(row, column);
      if (!Double.isNaN(norm)) {
        histogram.record(norm, attributes, context);
      }
    }
  }
}
