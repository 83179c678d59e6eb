package io.innerspan.extension.delivery;

import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;

/** OTLP exporters with the settings of others, but senders of their own. */
final class OtlpCopies {
  /** A copy of an OTLP exporter; another exporter itself. */
  static SpanExporter of(SpanExporter exporter) {
    if (exporter instanceof OtlpGrpcSpanExporter grpc) {
      return grpc.toBuilder().build();
    }
    return exporter instanceof OtlpHttpSpanExporter http ? http.toBuilder().build() : exporter;
  }

  /** A copy of an OTLP exporter; another exporter itself. */
  static MetricExporter of(MetricExporter exporter) {
    if (exporter instanceof OtlpGrpcMetricExporter grpc) {
      return grpc.toBuilder().build();
    }
    return exporter instanceof OtlpHttpMetricExporter http ? http.toBuilder().build() : exporter;
  }

  /** A copy of an OTLP exporter; another exporter itself. */
  static LogRecordExporter of(LogRecordExporter exporter) {
    if (exporter instanceof OtlpGrpcLogRecordExporter grpc) {
      return grpc.toBuilder().build();
    }
    return exporter instanceof OtlpHttpLogRecordExporter http ? http.toBuilder().build() : exporter;
  }

  private OtlpCopies() {}
}
