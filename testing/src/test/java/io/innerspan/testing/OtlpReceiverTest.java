package io.innerspan.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What OpenTelemetry's own SDK and exporters send arrives whole. */
class OtlpReceiverTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Resource RESOURCE =
      Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), "shop"));

  private enum Transport {
    GRPC,
    HTTP,
    HTTP_GZIP
  }

  private OtlpReceiver receiver;

  @BeforeEach
  void start() {
    receiver = OtlpReceiver.start();
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  @ParameterizedTest
  @EnumSource
  void awaitSpans_exportedParentAndChild_givesIdsKindsAndAttributes(Transport transport) {
    String traceId;
    String parentId;
    try (OpenTelemetrySdk sdk = sdk(transport)) {
      Span parent =
          sdk.getTracer("web").spanBuilder("POST /x").setSpanKind(SpanKind.SERVER).startSpan();
      traceId = parent.getSpanContext().getTraceId();
      parentId = parent.getSpanContext().getSpanId();
      sdk.getTracer("model")
          .spanBuilder("embed")
          .setParent(Context.root().with(parent))
          .setStartTimestamp(1_000, TimeUnit.MILLISECONDS)
          .setAttribute("score", 0.25)
          .setAttribute("rows", 3L)
          .setAttribute("ok", true)
          .setAttribute(AttributeKey.stringArrayKey("packs"), List.of("a", "b"))
          .startSpan()
          .end(1_250, TimeUnit.MILLISECONDS);
      parent.end();
    }

    List<ReceivedSpan> spans = receiver.awaitSpans(received -> received.size() == 2, SOON);

    ReceivedSpan child = named(spans, "embed");
    assertThat(child.scope()).isEqualTo("model");
    assertThat(child.traceId()).isEqualTo(traceId);
    assertThat(child.parentSpanId()).isEqualTo(parentId);
    assertThat(child.duration()).isEqualTo(Duration.ofMillis(250));
    assertThat(child.resource()).containsEntry("service.name", "shop");
    assertThat(child.attributes())
        .isEqualTo(Map.of("score", 0.25, "rows", 3L, "ok", true, "packs", List.of("a", "b")));
    ReceivedSpan parent = named(spans, "POST /x");
    assertThat(parent.spanId()).isEqualTo(parentId);
    assertThat(parent.parentSpanId()).isEmpty();
    assertThat(parent.kind())
        .isEqualTo(io.opentelemetry.proto.trace.v1.Span.SpanKind.SPAN_KIND_SERVER);
    assertThat(parent.attribute("score")).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void awaitMetrics_histogramAndCounter_givesTheirPoints(Transport transport) {
    try (OpenTelemetrySdk sdk = sdk(transport)) {
      var meter = sdk.getMeter("model");
      meter.histogramBuilder("duration").setUnit("s").build().record(0.5);
      meter.counterBuilder("inferences").build().add(7);
    }

    List<ReceivedMetric> metrics = receiver.awaitMetrics(received -> received.size() == 2, SOON);

    assertThat(metrics).extracting(ReceivedMetric::scope).containsOnly("model");
    ReceivedMetric duration =
        metrics.stream().filter(m -> m.name().equals("duration")).findFirst().orElseThrow();
    assertThat(duration.unit()).isEqualTo("s");
    assertThat(duration.histogramPoints())
        .singleElement()
        .satisfies(point -> assertThat(point.getSum()).isEqualTo(0.5));
    assertThat(duration.numberPoints()).isEmpty();
    ReceivedMetric inferences =
        metrics.stream().filter(m -> m.name().equals("inferences")).findFirst().orElseThrow();
    assertThat(inferences.numberPoints())
        .singleElement()
        .satisfies(point -> assertThat(point.getAsInt()).isEqualTo(7));
  }

  @ParameterizedTest
  @EnumSource
  void awaitLogs_event_givesNameBodyAndTrace(Transport transport) {
    String traceId;
    try (OpenTelemetrySdk sdk = sdk(transport)) {
      Span span = sdk.getTracer("web").spanBuilder("POST /x").startSpan();
      traceId = span.getSpanContext().getTraceId();
      sdk.getSdkLoggerProvider()
          .get("model")
          .logRecordBuilder()
          .setContext(Context.root().with(span))
          .setEventName("threshold.crossed")
          .setBody(Value.of(KeyValue.of("row", Value.of(4))))
          .setAttribute(AttributeKey.booleanKey("first"), true)
          .emit();
      span.end();
    }

    List<ReceivedLog> logs = receiver.awaitLogs(received -> !received.isEmpty(), SOON);

    assertThat(logs)
        .singleElement()
        .satisfies(
            log -> {
              assertThat(log.eventName()).isEqualTo("threshold.crossed");
              assertThat(log.body()).isEqualTo(Map.of("row", 4L));
              assertThat(log.attribute("first")).isEqualTo(true);
              assertThat(log.traceId()).isEqualTo(traceId);
              assertThat(log.spanId()).hasSize(16);
            });
  }

  @Test
  void awaitSpans_neverTrue_failsWithWhatWasReceived() {
    try (OpenTelemetrySdk sdk = sdk(Transport.GRPC)) {
      sdk.getTracer("web").spanBuilder("the only one").startSpan().end();
    }

    assertThatThrownBy(
            () -> receiver.awaitSpans(received -> received.size() > 1, Duration.ofMillis(1)))
        .isInstanceOf(AwaitError.class)
        .hasMessageStartingWith("spans: not within 1 ms")
        .hasMessageContaining("received 1:")
        .hasMessageContaining("the only one");
  }

  @Test
  void onSpan_everySpan_isGivenOnce() {
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    receiver.onSpan(span -> seen.add(span.name()));

    try (OpenTelemetrySdk sdk = sdk(Transport.GRPC)) {
      sdk.getTracer("web").spanBuilder("a").startSpan().end();
      sdk.getTracer("web").spanBuilder("b").startSpan().end();
    }

    assertThat(seen).containsExactly("a", "b");
  }

  @Test
  void clear_afterSpans_forgetsThem() {
    try (OpenTelemetrySdk sdk = sdk(Transport.GRPC)) {
      sdk.getTracer("web").spanBuilder("a").startSpan().end();
    }

    receiver.clear();

    assertThat(receiver.spans()).isEmpty();
  }

  @Test
  void spans_manySendersAtOnce_areAllKept() throws Exception {
    int senders = 8;
    int perSender = 200;
    Set<String> sent = ConcurrentHashMap.newKeySet();
    var threads = Executors.newFixedThreadPool(senders);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < senders; i++) {
        Transport transport = Transport.values()[i % Transport.values().length];
        done.add(
            threads.submit(
                () -> {
                  try (OpenTelemetrySdk sdk = sdk(transport)) {
                    IntStream.range(0, perSender)
                        .mapToObj(n -> sdk.getTracer("web").spanBuilder("s" + n).startSpan())
                        .forEach(
                            span -> {
                              sent.add(span.getSpanContext().getSpanId());
                              span.end();
                            });
                  }
                }));
      }
      for (Future<?> sender : done) {
        sender.get();
      }
    } finally {
      threads.shutdown();
    }

    assertThat(receiver.spans())
        .extracting(ReceivedSpan::spanId)
        .hasSize(senders * perSender)
        .containsExactlyInAnyOrderElementsOf(sent);
  }

  @Test
  void http_notProtobuf_isRefused() throws Exception {
    byte[] notProtobuf = new byte[64];
    Arrays.fill(notProtobuf, (byte) 0xff);

    assertThat(post("/v1/traces", "application/x-protobuf", notProtobuf)).isEqualTo(400);
    assertThat(post("/v1/traces", "application/json", new byte[0])).isEqualTo(415);
    assertThat(post("/v1/traces/more", "application/x-protobuf", new byte[0])).isEqualTo(404);
    assertThat(receiver.spans()).isEmpty();
  }

  private static ReceivedSpan named(List<ReceivedSpan> spans, String name) {
    return spans.stream().filter(span -> span.name().equals(name)).findFirst().orElseThrow();
  }

  private int post(String path, String contentType, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(receiver.httpEndpoint() + path))
            .header("Content-Type", contentType)
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }

  private OpenTelemetrySdk sdk(Transport transport) {
    return OpenTelemetrySdk.builder()
        .setTracerProvider(
            SdkTracerProvider.builder()
                .setResource(RESOURCE)
                .addSpanProcessor(BatchSpanProcessor.builder(spanExporter(transport)).build())
                .build())
        .setMeterProvider(
            SdkMeterProvider.builder()
                .setResource(RESOURCE)
                .registerMetricReader(PeriodicMetricReader.create(metricExporter(transport)))
                .build())
        .setLoggerProvider(
            SdkLoggerProvider.builder()
                .setResource(RESOURCE)
                .addLogRecordProcessor(
                    BatchLogRecordProcessor.builder(logExporter(transport)).build())
                .build())
        .build();
  }

  private SpanExporter spanExporter(Transport transport) {
    return transport == Transport.GRPC
        ? OtlpGrpcSpanExporter.builder().setEndpoint(receiver.grpcEndpoint()).build()
        : OtlpHttpSpanExporter.builder()
            .setEndpoint(receiver.httpEndpoint() + "/v1/traces")
            .setCompression(compression(transport))
            .build();
  }

  private MetricExporter metricExporter(Transport transport) {
    return transport == Transport.GRPC
        ? OtlpGrpcMetricExporter.builder().setEndpoint(receiver.grpcEndpoint()).build()
        : OtlpHttpMetricExporter.builder()
            .setEndpoint(receiver.httpEndpoint() + "/v1/metrics")
            .setCompression(compression(transport))
            .build();
  }

  private LogRecordExporter logExporter(Transport transport) {
    return transport == Transport.GRPC
        ? OtlpGrpcLogRecordExporter.builder().setEndpoint(receiver.grpcEndpoint()).build()
        : OtlpHttpLogRecordExporter.builder()
            .setEndpoint(receiver.httpEndpoint() + "/v1/logs")
            .setCompression(compression(transport))
            .build();
  }

  private static String compression(Transport transport) {
    return transport == Transport.HTTP_GZIP ? "gzip" : "none";
  }
}
