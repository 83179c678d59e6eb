package io.innerspan.recorder;

import io.innerspan.signals.Reading;
import io.opentelemetry.context.Context;

/**
 * Records one signal of one model that is not a probe: everything that does not change is made
 * beforehand. Immutable. Asked only about readings in which the signal was computed.
 */
interface SignalRecorder {
  /** The signal's place in the layout. */
  int signal();

  /** Puts every row into the histograms. */
  void measure(Reading reading, Context context);

  /** Puts what tells of the inference as a whole on its span, as far as there is room. */
  default void write(Reading reading, SpanRoom room) {}
}
