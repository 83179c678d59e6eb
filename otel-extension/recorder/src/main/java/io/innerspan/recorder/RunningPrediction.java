package io.innerspan.recorder;

import io.innerspan.recorder.ModelTelemetry.State;
import io.innerspan.semconv.FaultPlace;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.javaagent.innerspan.bridge.Inference;
import io.opentelemetry.javaagent.innerspan.bridge.Prediction;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One prediction under way, in one thread at a time. */
final class RunningPrediction implements Prediction {
  private static final double SECONDS = 1e-9;

  /** The innermost prediction of each thread. */
  private static final ThreadLocal<@Nullable RunningPrediction> CURRENT = new ThreadLocal<>();

  private final ModelTelemetry predictor;
  private final Attributes begun;
  private final long batchSize;
  private final long openGates;
  private final Span span;
  private final Context parent;
  private final Context context;
  private final PredictionReadings readings = new PredictionReadings();
  private final long startNanos;

  /** Whether phases have spans. */
  private final boolean phases;

  /** How the engine's own instrumentation knows the model, where there is one. */
  private ModelTelemetry identity;

  private @Nullable Throwable engineFailure;
  private @Nullable Phase phase;
  private @Nullable Span child;
  private @Nullable RunningPrediction outer;
  private Scope scope = Scope.noop();
  private boolean ended;

  /** When it was last paused; null while it never was. */
  private volatile @Nullable Pause paused;

  private record Pause(long nanos, Instant time) {}

  private RunningPrediction(
      ModelTelemetry predictor,
      ModelTelemetry identity,
      Attributes begun,
      long batchSize,
      long openGates,
      Span span,
      Context parent,
      Context context) {
    this.predictor = predictor;
    this.identity = identity;
    this.begun = begun;
    this.batchSize = batchSize;
    this.openGates = openGates;
    this.span = span;
    this.parent = parent;
    this.context = context;
    this.phases = predictor.sinks.settings().phases() && span.isRecording();
    this.startNanos = System.nanoTime();
  }

  static RunningPrediction start(ModelTelemetry predictor, long batchSize, long openGates) {
    Context parent = Context.current();
    ModelTelemetry identity = predictor.identity();
    State state = identity.state();
    Span span = identity.startSpan(identity.spanName, state, parent, batchSize);
    RunningPrediction prediction =
        new RunningPrediction(
            predictor,
            identity,
            state.span(),
            batchSize,
            openGates,
            span,
            parent,
            predictor
                .sinks
                .cohorts()
                .cohorts()
                .in(parent, predictor.sinks.settings().spans() ? parent.with(span) : parent));
    prediction.enter();
    return prediction;
  }

  /** The innermost prediction of this thread, or null. */
  static @Nullable RunningPrediction current() {
    return CURRENT.get();
  }

  /** With its span. */
  Context context() {
    return context;
  }

  /** Whether an inference of a model that begins in this thread is a part of this one. */
  boolean takes(ModelTelemetry model) {
    return phase == Phase.FORWARD && model.engine().equals(predictor.engine());
  }

  /** An inference that the engine's own instrumentation tells of. */
  Inference part(ModelTelemetry model, long gates) {
    identity = model;
    predictor.identity(model);
    return new Part(model, gates);
  }

  private final class Part implements Inference {
    private final ModelTelemetry model;
    private final long gates;

    Part(ModelTelemetry model, long gates) {
      this.model = model;
      this.gates = gates;
    }

    @Override
    public long openGates() {
      return gates;
    }

    @Override
    public void end(float @Nullable [] reading, int rows, @Nullable Throwable failure) {
      engineFailure = failure;
      if (reading != null) {
        readings.add(model, gates, reading, rows);
      }
    }
  }

  @Override
  public long openGates() {
    return openGates;
  }

  @Override
  public void phase(Phase next) {
    if (!phases) {
      phase = next;
      return;
    }
    guarded(
        () -> {
          endPhase(null);
          phase = next;
          child = identity.startPhase(next, context);
          makeCurrent();
        });
  }

  @Override
  public void phaseEnded() {
    if (phases) {
      guarded(() -> endPhase(null));
    } else {
      phase = null;
    }
  }

  @Override
  public void read(float[] reading, int rows) {
    readings.add(predictor, openGates, reading, rows);
  }

  @Override
  public void worked(long elements, long nanos) {} // Whoever opened the gates wants to know.

  @Override
  public void pause() {
    paused = new Pause(System.nanoTime(), Instant.now());
    guarded(this::leave);
  }

  @Override
  public void abandoned() {
    Pause last = paused;
    if (!ended && last != null) {
      ended = true;
      Span over = child;
      child = null;
      if (over != null) {
        guarded(() -> over.end(last.time()));
      }
      guarded(() -> outcome((last.nanos() - startNanos) * SECONDS, null));
      guarded(() -> readings.record(span, context, batchSize));
      guarded(() -> span.end(last.time()));
    }
  }

  @Override
  public void resume() {
    guarded(this::enter);
  }

  @Override
  public void end(float @Nullable [] reading, int rows, @Nullable Throwable failure) {
    if (ended) {
      return;
    }
    ended = true;
    double seconds = (System.nanoTime() - startNanos) * SECONDS;
    Throwable cause = failure == null || engineFailure == null ? failure : engineFailure;
    if (reading != null) {
      read(reading, rows);
    }
    if (phases) {
      guarded(() -> endPhase(cause));
    }
    guarded(() -> outcome(seconds, cause));
    guarded(() -> LastReadings.begin(identity, context, parent));
    guarded(() -> readings.record(span, context, batchSize));
    guarded(this::leave);
    guarded(span::end);
  }

  private void outcome(double seconds, @Nullable Throwable failure) {
    String errorType = failure == null ? null : identity.metricAttributes.errorType(failure);
    if (failure != null) {
      identity.failed();
    }
    identity.took(seconds, errorType, context);
    if (span.isRecording()) {
      State state = identity.state();
      if (!state.span().equals(begun)) {
        span.setAllAttributes(state.span());
        span.updateName(identity.spanName);
      }
      fail(span, errorType);
    }
  }

  private void endPhase(@Nullable Throwable failure) {
    phase = null;
    Span over = child;
    if (over == null) {
      return;
    }
    child = null;
    makeCurrent();
    fail(over, failure == null ? null : identity.metricAttributes.errorType(failure));
    over.end();
  }

  private static void fail(Span span, @Nullable String errorType) {
    if (errorType != null) {
      span.setStatus(StatusCode.ERROR);
      span.setAttribute(Keys.ERROR_TYPE, errorType);
    }
  }

  private void enter() {
    RunningPrediction before = CURRENT.get();
    if (before != this) {
      outer = before;
      CURRENT.set(this);
      makeCurrent();
    }
  }

  private void leave() {
    scope.close();
    scope = Scope.noop();
    if (CURRENT.get() != this) {
      return;
    }
    if (outer == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(outer);
      outer = null;
    }
  }

  @SuppressWarnings("MustBeClosedChecker")
  private void makeCurrent() {
    scope.close();
    scope = Scope.noop();
    if (predictor.sinks.settings().spans() && CURRENT.get() == this) {
      scope = (child == null ? context : context.with(child)).makeCurrent();
    }
  }

  private void guarded(Runnable recording) {
    try {
      recording.run();
    } catch (Throwable fault) {
      predictor.sinks.health().fault(FaultPlace.RECORD.value(), fault);
    }
  }
}
