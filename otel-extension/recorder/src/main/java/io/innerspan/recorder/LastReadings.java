package io.innerspan.recorder;

import io.innerspan.signals.Reading;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.javaagent.innerspan.bridge.LastReading;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was read of the latest inference of each thread, for applications that ask. An inference
 * leaves its values as they are; the answer is made when it is asked for. Large batches are
 * answered at once instead, so that an idle thread keeps {@value #KEPT_VALUES} values at most.
 */
final class LastReadings {
  static final int KEPT_VALUES = 4096;

  private static final ThreadLocal<Last> LAST = ThreadLocal.withInitial(Last::new);

  private static final class Last {
    private final List<ReadingRecorder> recorders = new ArrayList<>(1);
    private final List<Reading> readings = new ArrayList<>(1);
    private @Nullable LastReading answer;
    private @Nullable ModelTelemetry model;
    private String outerTrace = "";
    private SpanContext span = SpanContext.getInvalid();

    LastReading made() {
      Map<String, Double> scores = new HashMap<>();
      Map<String, Double> thresholds = new HashMap<>();
      Set<String> crossed = new HashSet<>();
      Map<String, Map<String, Object>> signals = new HashMap<>();
      if (answer != null) {
        scores.putAll(answer.scores());
        thresholds.putAll(answer.thresholds());
        crossed.addAll(answer.crossed());
        signals.putAll(answer.signals());
      }
      for (int i = 0; i < readings.size(); i++) {
        recorders.get(i).tell(readings.get(i), scores, thresholds, crossed, signals);
      }
      recorders.clear();
      readings.clear();
      return new LastReading(
          model == null ? "" : model.nameOrEmpty(),
          model == null ? "" : model.state().hash(),
          span.isValid() ? span.getTraceId() : "",
          span.isValid() ? span.getSpanId() : "",
          scores,
          thresholds,
          crossed,
          signals);
    }
  }

  /**
   * An inference ends in this thread; whatever was read of the one before is forgotten.
   *
   * @param context of the inference
   * @param outer what was current when it began
   */
  static void begin(ModelTelemetry model, Context context, Context outer) {
    Last last = LAST.get();
    last.recorders.clear();
    last.readings.clear();
    last.answer = null;
    last.model = model;
    last.span = Span.fromContext(context).getSpanContext();
    last.outerTrace = Span.fromContext(outer).getSpanContext().getTraceId();
  }

  /** The inference that ends in this thread gave a reading. */
  static void add(ReadingRecorder recorder, Reading reading) {
    Last last = LAST.get();
    last.recorders.add(recorder);
    last.readings.add(reading);
    if ((long) reading.rows() * recorder.columns() > KEPT_VALUES || last.readings.size() > 4) {
      last.answer = last.made();
    }
  }

  /** What was read in this thread, or null when that was nothing, or in another trace. */
  static @Nullable LastReading current() {
    Last last = LAST.get();
    if (!last.readings.isEmpty()) {
      last.answer = last.made();
    }
    boolean here = last.outerTrace.equals(Span.current().getSpanContext().getTraceId());
    return here ? last.answer : null;
  }

  private LastReadings() {}
}
