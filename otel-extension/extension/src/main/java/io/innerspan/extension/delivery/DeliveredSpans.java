package io.innerspan.extension.delivery;

import io.innerspan.semconv.DeliverySignal;
import io.opentelemetry.exporter.internal.otlp.traces.TraceRequestMarshaler;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;

/** Hands spans to the delivery, or to the exporter while there is none. */
final class DeliveredSpans implements SpanExporter {
  private final SpanExporter exporter;
  private final DeliveryPoint point;

  DeliveredSpans(SpanExporter exporter, DeliveryPoint point) {
    this.exporter = exporter;
    this.point = point;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    return point.isAlone()
        ? exporter.export(spans)
        : point.offer(DeliverySignal.SPAN, spans.size(), () -> TraceRequestMarshaler.create(spans));
  }

  @Override
  public CompletableResultCode flush() {
    return point.flush(exporter::flush);
  }

  @Override
  public CompletableResultCode shutdown() {
    return point.shutdown(exporter::shutdown);
  }

  @Override
  public String toString() {
    return "DeliveredSpans{" + exporter + "}";
  }
}
