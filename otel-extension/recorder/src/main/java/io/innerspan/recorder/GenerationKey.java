package io.innerspan.recorder;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;

/**
 * What the steps of one generation have in common.
 *
 * @param model the session
 * @param origin where the session is called from
 */
record GenerationKey(ModelTelemetry model, Origin origin) {
  /**
   * The span that is current around the model's calls; without one, the thread.
   *
   * @param traceId empty without a span
   * @param spanId empty without a span
   * @param thread 0 with a span
   */
  record Origin(String traceId, String spanId, long thread) {
    static Origin of(SpanContext span) {
      return new Origin(span.getTraceId(), span.getSpanId(), 0);
    }

    static Origin of(Context context) {
      SpanContext span = Span.fromContext(context).getSpanContext();
      return span.isValid() ? of(span) : new Origin("", "", Thread.currentThread().getId());
    }
  }
}
