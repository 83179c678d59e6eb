package io.innerspan.extension.delivery;

import io.innerspan.semconv.DeliverySignal;
import io.opentelemetry.exporter.internal.otlp.metrics.MetricsRequestMarshaler;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.MemoryMode;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import java.util.Collection;

/** Hands metrics to the delivery, or to the exporter while there is none. */
final class DeliveredMetrics implements MetricExporter {
  private final MetricExporter exporter;
  private final DeliveryPoint point;

  DeliveredMetrics(MetricExporter exporter, DeliveryPoint point) {
    this.exporter = exporter;
    this.point = point;
  }

  @Override
  public CompletableResultCode export(Collection<MetricData> metrics) {
    return point.isAlone()
        ? exporter.export(metrics)
        : point.offer(
            DeliverySignal.METRIC, metrics.size(), () -> MetricsRequestMarshaler.create(metrics));
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
  public AggregationTemporality getAggregationTemporality(InstrumentType instrument) {
    return exporter.getAggregationTemporality(instrument);
  }

  @Override
  public Aggregation getDefaultAggregation(InstrumentType instrument) {
    return exporter.getDefaultAggregation(instrument);
  }

  @Override
  public MemoryMode getMemoryMode() {
    return exporter.getMemoryMode();
  }

  @Override
  public String toString() {
    return "DeliveredMetrics{" + exporter + "}";
  }
}
