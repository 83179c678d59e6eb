package io.innerspan.recorder;

import io.innerspan.semconv.ReadingMissingReason;
import io.innerspan.signals.Reading;
import io.innerspan.signals.ReadingLayout;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.context.Context;

/**
 * Counts rows that gave no reading, or not of every signal that was computed. A signal whose gate
 * was closed is not missing.
 */
final class MissingRows {
  private final ReadingLayout layout;
  private final int ungated;
  private final LongCounter counter;
  private final MetricAttributes attributes;

  MissingRows(ReadingLayout layout, LongCounter counter, MetricAttributes attributes) {
    int ungated = 0;
    for (int signal = 0; signal < layout.size(); signal++) {
      ungated += layout.gate(signal) == ReadingLayout.ALWAYS_OPEN ? 1 : 0;
    }
    this.layout = layout;
    this.ungated = ungated;
    this.counter = counter;
    this.attributes = attributes;
  }

  /** Counts incomplete rows in the metric, and returns the number of rows without any value. */
  int count(Reading reading, Context context) {
    int noToken = 0;
    int notFinite = 0;
    int missing = 0;
    int computed = computed(reading);
    for (int row = 0; row < reading.rows() && computed > 0; row++) {
      if (!reading.hasReading(row)) {
        noToken++;
        missing++;
      } else {
        int present = present(reading, row);
        notFinite += present < computed ? 1 : 0;
        missing += present == 0 ? 1 : 0;
      }
    }
    add(noToken, ReadingMissingReason.NO_TOKEN, context);
    add(notFinite, ReadingMissingReason.NOT_FINITE, context);
    return missing;
  }

  /** How many signals were computed. */
  int computed(Reading reading) {
    int computed = ungated;
    for (int signal = 0; computed < layout.size() && signal < layout.size(); signal++) {
      boolean gated = layout.gate(signal) != ReadingLayout.ALWAYS_OPEN;
      computed += gated && reading.isRead(signal) ? 1 : 0;
    }
    return computed;
  }

  private int present(Reading reading, int row) {
    int present = 0;
    for (int signal = 0; signal < layout.size(); signal++) {
      present += reading.isPresent(row, signal) ? 1 : 0;
    }
    return present;
  }

  private void add(int rows, ReadingMissingReason reason, Context context) {
    if (rows > 0) {
      counter.add(rows, attributes.missing(reason), context);
    }
  }
}
