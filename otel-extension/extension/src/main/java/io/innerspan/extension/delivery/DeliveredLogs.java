package io.innerspan.extension.delivery;

import io.innerspan.semconv.DeliverySignal;
import io.innerspan.semconv.InnerspanEvents;
import io.opentelemetry.exporter.internal.otlp.logs.LogsRequestMarshaler;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Hands log records to the delivery, findings apart from the others, or to the exporter while there
 * is none.
 */
final class DeliveredLogs implements LogRecordExporter {
  private final LogRecordExporter exporter;
  private final DeliveryPoint point;

  DeliveredLogs(LogRecordExporter exporter, DeliveryPoint point) {
    this.exporter = exporter;
    this.point = point;
  }

  @Override
  public CompletableResultCode export(Collection<LogRecordData> records) {
    if (point.isAlone()) {
      return exporter.export(records);
    }
    List<LogRecordData> findings = new ArrayList<>();
    List<LogRecordData> others = new ArrayList<>(records.size());
    for (LogRecordData record : records) {
      (InnerspanEvents.FINDING.equals(record.getEventName()) ? findings : others).add(record);
    }
    return CompletableResultCode.ofAll(
        List.of(offer(DeliverySignal.FINDING, findings), offer(DeliverySignal.LOG, others)));
  }

  private CompletableResultCode offer(DeliverySignal signal, List<LogRecordData> records) {
    return records.isEmpty()
        ? CompletableResultCode.ofSuccess()
        : point.offer(signal, records.size(), () -> LogsRequestMarshaler.create(records));
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
    return "DeliveredLogs{" + exporter + "}";
  }
}
