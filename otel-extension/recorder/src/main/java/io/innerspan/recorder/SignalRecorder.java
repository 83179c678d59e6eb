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

  /**
   * Puts what tells of the inference as a whole on its span, as far as there is room.
   *
   * @param at the signal's place in the reading's own layout
   */
  default void write(Reading reading, int at, SpanRoom room) {}

  /**
   * How much a step of a generation tells: on the generation's span are the values of the step that
   * tells most. NaN when there is nothing to tell.
   */
  default double weight(Reading reading) {
    return Double.NaN;
  }

  /** A value of a row whose mean over a generation is told too; NaN when there is none. */
  default double averaged(Reading reading, int row) {
    return Double.NaN;
  }

  /** Begins what is told of the signal on the span of a generation. */
  default SignalSteps steps() {
    return SignalSteps.NONE;
  }
}
