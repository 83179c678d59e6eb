package io.innerspan.testing;

import com.google.protobuf.MessageLite;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Takes export requests apart, whichever transport brought them; thread-safe. */
final class TelemetryStore {
  final Inbox<ReceivedSpan> spans = new Inbox<>();
  final Inbox<ReceivedMetric> metrics = new Inbox<>();
  final Inbox<ReceivedLog> logs = new Inbox<>();
  final List<Consumer<? super byte[]>> requestListeners = new CopyOnWriteArrayList<>();
  final List<Consumer<? super ReceivedSpan>> spanListeners = new CopyOnWriteArrayList<>();

  void accept(ExportTraceServiceRequest request) {
    tell(request);
    List<ReceivedSpan> received = new ArrayList<>();
    for (var perResource : request.getResourceSpansList()) {
      Map<String, Object> resource = attributes(perResource.getResource());
      for (var perScope : perResource.getScopeSpansList()) {
        String scope = perScope.getScope().getName();
        perScope
            .getSpansList()
            .forEach(span -> received.add(new ReceivedSpan(span, scope, resource)));
      }
    }
    spans.addAll(received);
    for (ReceivedSpan span : received) {
      spanListeners.forEach(listener -> listener.accept(span));
    }
  }

  void accept(ExportMetricsServiceRequest request) {
    tell(request);
    List<ReceivedMetric> received = new ArrayList<>();
    for (var perResource : request.getResourceMetricsList()) {
      Map<String, Object> resource = attributes(perResource.getResource());
      for (var perScope : perResource.getScopeMetricsList()) {
        String scope = perScope.getScope().getName();
        perScope
            .getMetricsList()
            .forEach(metric -> received.add(new ReceivedMetric(metric, scope, resource)));
      }
    }
    metrics.addAll(received);
  }

  void accept(ExportLogsServiceRequest request) {
    tell(request);
    List<ReceivedLog> received = new ArrayList<>();
    for (var perResource : request.getResourceLogsList()) {
      Map<String, Object> resource = attributes(perResource.getResource());
      for (var perScope : perResource.getScopeLogsList()) {
        String scope = perScope.getScope().getName();
        perScope
            .getLogRecordsList()
            .forEach(log -> received.add(new ReceivedLog(log, scope, resource)));
      }
    }
    logs.addAll(received);
  }

  private void tell(MessageLite request) {
    if (!requestListeners.isEmpty()) {
      byte[] bytes = request.toByteArray();
      requestListeners.forEach(listener -> listener.accept(bytes));
    }
  }

  private static Map<String, Object> attributes(Resource resource) {
    return OtlpValues.attributes(resource.getAttributesList());
  }
}
