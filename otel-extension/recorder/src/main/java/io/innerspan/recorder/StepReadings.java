package io.innerspan.recorder;

import io.innerspan.signals.Reading;
import io.innerspan.signals.ReadingLayout;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;

/**
 * What the readings of a generation's steps say together, in memory that does not grow with the
 * steps. Guarded by its generation's lock.
 */
final class StepReadings {
  private final ReadingRecorder recorder;
  private final ReadingLayout layout;
  private final ProbeTable probes;
  private final SignalRecorder[] others;
  private final SignalSteps[] steps;
  private final ProbeSteps scores;
  private final MissingRows missing;
  private final SampledSignals sampled;
  private long openGates;
  private long missingRows;
  private boolean anyRead;

  StepReadings(
      ReadingRecorder recorder,
      ReadingLayout layout,
      ProbeTable probes,
      SignalRecorder[] others,
      MissingRows missing,
      SampledSignals sampled) {
    this.recorder = recorder;
    this.layout = layout;
    this.probes = probes;
    this.others = others;
    this.missing = missing;
    this.sampled = sampled;
    this.scores = new ProbeSteps(probes);
    this.steps = new SignalSteps[others.length];
    for (int i = 0; i < others.length; i++) {
      steps[i] = others[i].steps();
    }
  }

  /** Whose readings these are. */
  ReadingRecorder recorder() {
    return recorder;
  }

  /**
   * Takes the reading of a step, and looks for crossings in it.
   *
   * @param openGatesOfStep the bits of the gates that were open for the step
   */
  void add(Reading reading, long openGatesOfStep, int step, Context context, Crossings crossings) {
    int missingNow = recorder.countMissing(reading, context);
    missingRows += missingNow;
    openGates |= openGatesOfStep;
    anyRead |= missingNow < reading.rows() && missing.computed(reading) > 0;
    for (int i = 0; i < others.length; i++) {
      if (reading.isRead(others[i].signal())) {
        steps[i].add(reading, step);
      }
    }
    scores.add(reading, step, context, crossings);
  }

  /** Puts all of it on the generation's span. */
  void write(Span span) {
    SpanRoom room = new SpanRoom(span);
    for (SignalSteps other : steps) {
      other.write(room);
    }
    room.end();
    new SpanScores(span, probes, room.left(), scores).write(scores.largest());
    sampled.write(new Reading(layout, new float[0], 0, openGates), span);
    if (anyRead) {
      recorder.writePacks(span);
    }
    if (missingRows > 0) {
      span.setAttribute(Keys.MISSING_ROWS, missingRows);
    }
  }
}
