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
    Lane findings = point.lane(DeliverySignal.FINDING);
    Lane others = point.lane(DeliverySignal.LOG);
    if (findings == null || others == null) {
      return exporter.export(records);
    }
    List<LogRecordData> found = new ArrayList<>();
    List<LogRecordData> rest = new ArrayList<>(records.size());
    for (LogRecordData record : records) {
      (InnerspanEvents.FINDING.equals(record.getEventName()) ? found : rest).add(record);
    }
    return CompletableResultCode.ofAll(
        List.of(
            offer(findings, DeliverySignal.FINDING, found),
            offer(others, DeliverySignal.LOG, rest)));
  }

  private CompletableResultCode offer(
      Lane lane, DeliverySignal signal, List<LogRecordData> records) {
    return records.isEmpty()
        ? CompletableResultCode.ofSuccess()
        : point.offer(lane, signal, records.size(), () -> LogsRequestMarshaler.create(records));
  }

  @Override
  public CompletableResultCode flush() {
    return point.settle(exporter::flush, false, DeliverySignal.FINDING, DeliverySignal.LOG);
  }

  @Override
  public CompletableResultCode shutdown() {
    return point.settle(exporter::shutdown, true, DeliverySignal.FINDING, DeliverySignal.LOG);
  }

  @Override
  public String toString() {
    return "DeliveredLogs{" + exporter + "}";
  }
}
