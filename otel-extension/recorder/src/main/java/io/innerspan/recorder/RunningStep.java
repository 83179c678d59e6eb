package io.innerspan.recorder;

import io.innerspan.recorder.Crossings.Crossing;
import io.innerspan.recorder.ModelTelemetry.State;
import io.innerspan.semconv.FaultPlace;
import io.innerspan.semconv.GenerationPhase;
import io.innerspan.signals.Reading;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.javaagent.innerspan.bridge.Inference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step of a generation under way, confined to the thread that began it. */
final class RunningStep implements Inference {
  private static final double SECONDS = 1e-9;

  private final ModelTelemetry model;
  private final Generation.Step step;
  private final long batchSize;
  private final long openGates;
  private final Context parent;
  private final Context context;
  private final Scope scope;
  private final long startNanos;
  private boolean ended;

  private RunningStep(
      ModelTelemetry model,
      Generation.Step step,
      long batchSize,
      long openGates,
      Context parent,
      Context context,
      Scope scope) {
    this.model = model;
    this.step = step;
    this.batchSize = batchSize;
    this.openGates = openGates;
    this.parent = parent;
    this.context = context;
    this.scope = scope;
    this.startNanos = System.nanoTime();
  }

  @SuppressWarnings("MustBeClosedChecker")
  static RunningStep start(
      ModelTelemetry model, long batchSize, long openGates, long cachedTokens) {
    Context parent = Context.current();
    Generation.Step step = model.sinks.generations().begin(model, parent, batchSize, cachedTokens);
    Cohorts cohorts = model.sinks.cohorts().cohorts();
    if (!model.sinks.settings().spans()) {
      return new RunningStep(
          model, step, batchSize, openGates, parent, cohorts.in(parent, parent), Scope.noop());
    }
    Context context = cohorts.in(parent, parent.with(step.generation().span()));
    return new RunningStep(
        model, step, batchSize, openGates, parent, context, context.makeCurrent());
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
    String errorType = failure == null ? null : model.metricAttributes.errorType(failure);
    try {
      State state = model.state();
      measure(seconds, errorType);
      if (errorType != null) {
        model.failed();
      }
      LastReadings.begin(model, context, parent);
      if (reading != null && state.readings() != null) {
        reading(state, state.readings(), reading, rows);
      }
    } catch (Throwable fault) {
      model.sinks.health().fault(FaultPlace.RECORD.value(), fault);
    } finally {
      close(seconds, errorType);
    }
  }

  private void measure(double seconds, @Nullable String errorType) {
    model.took(seconds, errorType, context);
    GenerationPhase phase = step.index() == 0 ? GenerationPhase.FIRST : GenerationPhase.LATER;
    model
        .sinks
        .instruments()
        .stepDuration
        .record(seconds, model.metricAttributes.step(phase), context);
  }

  private void reading(State state, ReadingRecorder recorder, float[] values, int rows) {
    Reading reading = recorder.accept(values, rows, openGates, context);
    LastReadings.add(recorder, reading);
    List<Crossing> told =
        step.generation().read(recorder, reading, openGates, step.index(), context);
    if (!told.isEmpty()) {
      CrossingEvents.emit(
          model.sinks.logger(), told, step.index(), state.event(), batchSize, context);
    }
  }

  private void close(double seconds, @Nullable String errorType) {
    try {
      scope.close();
    } catch (Throwable fault) {
      model.sinks.health().fault(FaultPlace.RECORD.value(), fault);
    }
    try {
      step.generation().ended(step, seconds, errorType);
    } catch (Throwable fault) {
      model.sinks.health().fault(FaultPlace.RECORD.value(), fault);
    }
  }
}
