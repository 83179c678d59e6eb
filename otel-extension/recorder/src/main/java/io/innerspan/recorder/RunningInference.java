package io.innerspan.recorder;

import io.innerspan.recorder.ModelTelemetry.State;
import io.innerspan.semconv.FaultPlace;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.javaagent.innerspan.bridge.Inference;
import org.jspecify.annotations.Nullable;

/** One inference under way, confined to the thread that began it. */
final class RunningInference implements Inference {
  private static final double SECONDS = 1e-9;

  private final ModelTelemetry model;
  private final Attributes begun;
  private final long batchSize;
  private final long openGates;
  private final Span span;
  private final Context parent;
  private final Context context;
  private final Scope scope;
  private final long startNanos;
  private boolean ended;

  private RunningInference(
      ModelTelemetry model,
      Attributes begun,
      long batchSize,
      long openGates,
      Span span,
      Context parent,
      Context context,
      Scope scope) {
    this.model = model;
    this.begun = begun;
    this.batchSize = batchSize;
    this.openGates = openGates;
    this.span = span;
    this.parent = parent;
    this.context = context;
    this.scope = scope;
    this.startNanos = System.nanoTime();
  }

  @SuppressWarnings("MustBeClosedChecker")
  static RunningInference start(ModelTelemetry model, long batchSize, long openGates) {
    Context parent = Context.current();
    State state = model.state();
    Cohorts cohorts = model.sinks.cohorts().cohorts();
    if (!model.sinks.settings().spans()) {
      return new RunningInference(
          model,
          state.span(),
          batchSize,
          openGates,
          Span.getInvalid(),
          parent,
          cohorts.in(parent, parent),
          Scope.noop());
    }
    Span span = model.startSpan(model.spanName, state, parent, batchSize);
    Context context = cohorts.in(parent, parent.with(span));
    return new RunningInference(
        model, state.span(), batchSize, openGates, span, parent, context, context.makeCurrent());
  }

  @Override
  public long openGates() {
    return openGates;
  }

  @Override
  public void end(float @Nullable [] reading, int rows, @Nullable Throwable failure) {
    if (ended) {
      return;
    }
    ended = true;
    double seconds = (System.nanoTime() - startNanos) * SECONDS;
    try {
      State state = model.state();
      outcome(state, seconds, failure);
      LastReadings.begin(model, context, parent);
      if (reading != null && state.readings() != null) {
        model.record(state, state.readings(), reading, rows, openGates, batchSize, span, context);
      }
    } catch (Throwable fault) {
      model.sinks.health().fault(FaultPlace.RECORD.value(), fault);
    } finally {
      close();
    }
  }

  private void outcome(State state, double seconds, @Nullable Throwable failure) {
    String errorType = failure == null ? null : model.metricAttributes.errorType(failure);
    if (failure != null) {
      model.failed();
    }
    model.took(seconds, errorType, context);
    if (span.isRecording()) {
      if (!state.span().equals(begun)) {
        span.setAllAttributes(state.span());
      }
      if (errorType != null) {
        span.setStatus(StatusCode.ERROR);
        span.setAttribute(Keys.ERROR_TYPE, errorType);
      }
    }
  }

  private void close() {
    try {
      scope.close();
    } catch (Throwable fault) {
      model.sinks.health().fault(FaultPlace.RECORD.value(), fault);
    }
    try {
      span.end();
    } catch (Throwable fault) {
      model.sinks.health().fault(FaultPlace.RECORD.value(), fault);
    }
  }
}
