package io.innerspan.recorder;

import io.innerspan.signals.Reading;

/**
 * What is told of one signal on the span of a generation: gathered step by step, in memory that
 * does not grow with the steps. Guarded by its generation's lock.
 */
interface SignalSteps {
  /** Of signals that are not on spans. */
  SignalSteps NONE =
      new SignalSteps() {
        @Override
        public void add(Reading reading, int step) {}

        @Override
        public void write(SpanRoom room) {}
      };

  /** Takes a step in which the signal was computed. */
  void add(Reading reading, int step);

  /** Puts what was gathered on the span, as far as there is room. */
  void write(SpanRoom room);
}
