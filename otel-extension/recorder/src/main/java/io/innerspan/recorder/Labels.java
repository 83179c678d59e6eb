package io.innerspan.recorder;

import io.innerspan.signals.Signal;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;

/**
 * The labels of one signal's metrics.
 *
 * @param signal those of the signal as a whole
 */
record Labels(Attributes signal) {
  static Labels of(Signal signal, MetricAttributes model) {
    return new Labels(model.with(Keys.SIGNAL_ID, signal.id()));
  }

  /** Those of a part of the signal. */
  Attributes with(AttributeKey<String> key, String part) {
    return signal.toBuilder().put(key, part).build();
  }
}
