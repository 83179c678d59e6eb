package io.innerspan.recorder;

import io.innerspan.recorder.Crossings.Crossing;
import io.innerspan.recorder.ModelTelemetry.State;
import io.innerspan.signals.Reading;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadableSpan;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One text that a decoder writes in many runs, and its span. Its steps may run in different
 * threads, and at the same time. Keeps nothing of the application but the span.
 */
final class Generation {
  private static final double SECONDS = 1e-9;

  private final GenerationKey key;
  private final Span span;
  private final Attributes begun;
  private final long startEpochNanos;
  private final long startNanos;
  private final LongSupplier nanoTime;
  private final StepTokens tokens;
  private volatile long lastBegun;

  // Guarded by this.
  private final Set<ProbeRecorder> reported = new HashSet<>(2);
  private int steps;
  private int running;
  private boolean over;
  private long lastEnded;
  private long spanNanos;
  private double firstStepSeconds;
  private double stepSeconds;
  private @Nullable String errorType;
  private @Nullable StepReadings readings;
  private int events;
  private long crossings;

  /**
   * A run of the model that is under way.
   *
   * @param index counted from 0
   */
  record Step(Generation generation, int index) {}

  private Generation(
      GenerationKey key, Span span, Attributes begun, long cached, LongSupplier nanoTime) {
    this.key = key;
    this.span = span;
    this.begun = begun;
    this.nanoTime = nanoTime;
    this.tokens = new StepTokens(cached);
    this.startEpochNanos =
        span instanceof ReadableSpan readable ? readable.toSpanData().getStartEpochNanos() : 0;
    this.startNanos = nanoTime.getAsLong();
    this.lastBegun = startNanos;
    this.lastEnded = startNanos;
  }

  /** Begins a generation, whose first step is yet to begin. */
  static Generation begin(
      GenerationKey key, Context parent, long batchSize, long cached, LongSupplier nanoTime) {
    ModelTelemetry model = key.model();
    State state = model.state();
    Span span = model.startSpan(model.generationName, state, parent, batchSize);
    return new Generation(key, span, state.span(), cached, nanoTime);
  }

  GenerationKey key() {
    return key;
  }

  Span span() {
    return span;
  }

  /** When the last step began. */
  long lastBegun() {
    return lastBegun;
  }

  /** Whether nothing has happened for long. */
  synchronized boolean isIdle(long now) {
    return running == 0 && now - lastEnded >= Generations.IDLE_NANOS;
  }

  /** Begins the first step. */
  synchronized Step first(long cached) {
    return step(cached);
  }

  /** Begins another step; null if a run with so many cached tokens is none of this generation. */
  synchronized @Nullable Step next(long cached) {
    return over || !tokens.isContinuedBy(cached) ? null : step(cached);
  }

  private Step step(long cached) {
    tokens.step(cached);
    running++;
    lastBegun = nanoTime.getAsLong();
    return new Step(this, steps++);
  }

  /**
   * Takes the reading of a step under way.
   *
   * @return the crossings that get an event
   */
  synchronized List<Crossing> read(
      ReadingRecorder recorder, Reading reading, long openGates, int step, Context context) {
    Crossings found = new Crossings(reported, Crossings.LIMIT - events);
    if (span.isRecording()) {
      StepReadings gathered = readings;
      if (gathered == null || gathered.recorder() != recorder) {
        // Readings have just begun, or are laid out anew.
        gathered = recorder.steps();
        readings = gathered;
      }
      gathered.add(reading, openGates, step, context, found);
    } else {
      recorder.countMissing(reading, context);
      recorder.findCrossings(reading, context, found);
    }
    crossings += found.count();
    if (found.count() == 0 || !key.model().sinks.settings().events()) {
      return List.of();
    }
    List<Crossing> told = key.model().room(found.reported());
    told.forEach(crossing -> reported.add(crossing.probe()));
    events += told.size();
    return told;
  }

  /** A step has ended. */
  void ended(Step step, double seconds, @Nullable String failure) {
    boolean last;
    synchronized (this) {
      running--;
      lastEnded = nanoTime.getAsLong();
      if (span instanceof ReadableSpan readable) {
        spanNanos = readable.getLatencyNanos();
      }
      if (step.index() == 0) {
        firstStepSeconds = seconds;
      }
      stepSeconds += seconds;
      tokens.ended(failure == null);
      errorType = failure == null ? errorType : failure;
      last = over && running == 0;
    }
    if (last) {
      finish();
    }
  }

  /** Ends the generation as soon as no step is under way; no other one begins. */
  void end() {
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      if (running > 0) {
        return; // The step ends it.
      }
    }
    finish();
  }

  /** Called once: no step is under way, and none can begin any more. */
  private void finish() {
    long epochNanos = 0;
    try {
      epochNanos = tell();
    } finally {
      if (epochNanos > 0) {
        span.end(epochNanos, TimeUnit.NANOSECONDS);
      } else {
        span.end();
      }
    }
  }

  /** Puts all that is known into metrics and on the span, and returns when the last step ended. */
  private synchronized long tell() {
    ModelTelemetry model = key.model();
    Context context = Context.root().with(span);
    Instruments instruments = model.sinks.instruments();
    instruments.generationDuration.record(
        (lastEnded - startNanos) * SECONDS, model.metricAttributes.duration(errorType), context);
    instruments.generationSteps.record(steps, model.metricAttributes.model(), context);
    if (!span.isRecording()) {
      return 0;
    }
    write(model.state());
    return startEpochNanos == 0 ? 0 : startEpochNanos + spanNanos;
  }

  private void write(State state) {
    if (!state.span().equals(begun)) {
      span.setAllAttributes(state.span());
    }
    span.setAttribute(Keys.GENERATION_STEPS, (long) steps);
    if (steps > 1) {
      span.setAttribute(Keys.PROMPT_TOKENS, tokens.prompt());
    }
    span.setAttribute(Keys.GENERATED_TOKENS, tokens.generated());
    span.setAttribute(Keys.FIRST_STEP_DURATION, firstStepSeconds);
    span.setAttribute(Keys.STEPS_DURATION, stepSeconds);
    if (readings != null) {
      readings.write(span);
    }
    if (crossings > events && key.model().sinks.settings().events()) {
      span.setAttribute(Keys.OMITTED_CROSSINGS, crossings - events);
    }
    if (errorType != null) {
      span.setStatus(StatusCode.ERROR);
      span.setAttribute(Keys.ERROR_TYPE, errorType);
    }
  }
}
