package io.innerspan.exporter.siem;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Exports the events named {@code innerspan.finding}. Answers at once: the SDK asks all exporters
 * of a pipeline together, and a slow SIEM must not hold up the others.
 */
final class SiemLogRecordExporter implements LogRecordExporter {
  private static final AttributeKey<String> EVENT_NAME = AttributeKey.stringKey(Finding.EVENT_NAME);

  private final Delivery delivery;

  SiemLogRecordExporter(Delivery delivery) {
    this.delivery = delivery;
  }

  @Override
  public CompletableResultCode export(Collection<LogRecordData> logs) {
    for (LogRecordData log : logs) {
      if (Finding.EVENT.equals(log.getAttributes().get(EVENT_NAME))) {
        delivery.accept(finding(log));
      }
    }
    return CompletableResultCode.ofSuccess();
  }

  private static Finding finding(LogRecordData log) {
    long nanos =
        log.getTimestampEpochNanos() == 0
            ? log.getObservedTimestampEpochNanos()
            : log.getTimestampEpochNanos();
    boolean traced = log.getSpanContext().isValid();
    return new Finding(
        Instant.ofEpochSecond(0, nanos),
        traced ? log.getSpanContext().getTraceId() : "",
        traced ? log.getSpanContext().getSpanId() : "",
        map(log.getAttributes()),
        map(log.getResource().getAttributes()));
  }

  private static Map<String, Object> map(Attributes attributes) {
    Map<String, Object> map = new HashMap<>();
    attributes.forEach((key, value) -> map.put(key.getKey(), value));
    return map;
  }

  @Override
  public CompletableResultCode flush() {
    return delivery.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    CompletableResultCode flushed = delivery.flush();
    flushed.whenComplete(delivery::close);
    return flushed;
  }
}
