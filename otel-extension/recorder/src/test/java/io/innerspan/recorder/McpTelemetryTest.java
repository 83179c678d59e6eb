package io.innerspan.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.recorder.content.ContentMode;
import io.innerspan.recorder.content.ContentPolicy;
import io.innerspan.recorder.content.ContentSettings;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.javaagent.innerspan.bridge.McpCall;
import io.opentelemetry.javaagent.innerspan.bridge.McpMessage;
import io.opentelemetry.javaagent.innerspan.bridge.McpObserver;
import io.opentelemetry.javaagent.innerspan.bridge.McpOutcome;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class McpTelemetryTest {
  private static final McpMessage CALL =
      new McpMessage("tools/call", "7", "weather", null, null, null, "pipe");

  private final Backend backend =
      new Backend(
          ContextPropagators.create(
              TextMapPropagator.composite(
                  W3CTraceContextPropagator.getInstance(), W3CBaggagePropagator.getInstance())));
  private McpObserver messages;

  @BeforeEach
  void begin() {
    messages = backend.recorder.mcp(backend.recorder.content(ContentPolicy.off()));
  }

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void sent_isAClientSpanBelowTheCurrentOne() {
    Span request = request();
    try (Scope scope = request.makeCurrent()) {
      messages.sends(CALL).end(McpOutcome.DONE);
    }

    SpanData span = backend.onlySpan();
    assertThat(span.getName()).isEqualTo("tools/call weather");
    assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
    assertThat(span.getParentSpanId()).isEqualTo(request.getSpanContext().getSpanId());
    assertThat(span.getStatus()).isEqualTo(StatusData.unset());
    assertThat(span.getAttributes().asMap())
        .isEqualTo(
            Map.of(
                AttributeKey.stringKey("mcp.method.name"), "tools/call",
                AttributeKey.stringKey("gen_ai.tool.name"), "weather",
                AttributeKey.stringKey("gen_ai.operation.name"), "execute_tool",
                AttributeKey.stringKey("jsonrpc.request.id"), "7",
                AttributeKey.stringKey("network.transport"), "pipe"));
  }

  @Test
  void received_continuesTheSendersTrace_andLinksTheTransports() {
    McpCall sent = messages.sends(CALL);
    Map<String, String> meta = sent.propagation();
    sent.end(McpOutcome.DONE);
    Span http = request();
    try (Scope scope = http.makeCurrent()) {
      messages.receives(CALL, meta).end(McpOutcome.DONE);
    }

    assertThat(meta).containsOnlyKeys("traceparent");
    SpanData client = backend.spans().get(0);
    SpanData server = backend.spans().get(1);
    assertThat(server.getKind()).isEqualTo(SpanKind.SERVER);
    assertThat(server.getTraceId()).isEqualTo(client.getTraceId());
    assertThat(server.getParentSpanId()).isEqualTo(client.getSpanId());
    assertThat(server.getLinks())
        .singleElement()
        .satisfies(link -> assertThat(link.getSpanContext()).isEqualTo(http.getSpanContext()));
  }

  @Test
  void received_hasTheSendersBaggage() {
    Map<String, String> meta;
    try (Scope scope = Baggage.builder().put("tier", "gold").build().makeCurrent()) {
      McpCall sent = messages.sends(CALL);
      meta = sent.propagation();
      sent.end(McpOutcome.DONE);
    }
    McpCall received = messages.receives(CALL, meta);
    Runnable leave = received.enter();

    assertThat(Baggage.current().getEntryValue("tier")).isEqualTo("gold");
    leave.run();
    assertThat(Baggage.current().isEmpty()).isTrue();
    received.end(McpOutcome.DONE);
  }

  @Test
  void received_withoutATraceInMeta_isBelowTheCurrentOne() {
    Span http = request();
    Map<Object, Object> meta = new LinkedHashMap<>();
    meta.put("traceparent", "garbage");
    meta.put("progressToken", 7);
    meta.put(null, List.of());
    try (Scope scope = http.makeCurrent()) {
      messages.receives(CALL, meta).end(McpOutcome.DONE);
    }

    assertThat(backend.onlySpan().getParentSpanId()).isEqualTo(http.getSpanContext().getSpanId());
    assertThat(backend.onlySpan().getLinks()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {-32602, -32603, -32000, -32002})
  void errorOfThePeer_isTheSenders(int code) {
    messages.sends(CALL).end(new McpOutcome(code, false, null, false, null, null));

    assertFailed(backend.onlySpan(), String.valueOf(code));
    assertThat(attribute("rpc.response.status_code")).isEqualTo(String.valueOf(code));
  }

  @ParameterizedTest
  @ValueSource(ints = {-32700, -32600, -32601, -32602, -32002})
  void errorOfTheSender_isNoneOfTheReceiver(int code) {
    messages.receives(CALL, Map.of()).end(new McpOutcome(code, false, null, false, null, null));

    assertThat(backend.onlySpan().getStatus()).isEqualTo(StatusData.unset());
    assertThat(attribute("error.type")).isNull();
    assertThat(attribute("rpc.response.status_code")).isEqualTo(String.valueOf(code));
  }

  @Test
  void failures_haveTheirTypes_andNoMessage() {
    messages.sends(CALL).end(new McpOutcome(null, true, null, false, null, null));
    messages.sends(CALL).end(McpOutcome.failed(new IllegalStateException("secret")));
    messages.sends(CALL).end(McpOutcome.CANCELLED);

    assertFailed(backend.spans().get(0), "tool_error");
    assertFailed(backend.spans().get(1), "java.lang.IllegalStateException");
    assertFailed(backend.spans().get(2), "cancelled");
    assertThat(backend.spans().toString()).doesNotContain("secret");
  }

  @Test
  void end_twice_isOnce() {
    McpCall call = messages.sends(CALL);
    call.end(McpOutcome.DONE);
    call.end(McpOutcome.CANCELLED);

    assertThat(backend.spans()).hasSize(1);
    assertThat(
            backend
                .histogram(
                    "mcp.client.operation.duration",
                    Attributes.of(
                        AttributeKey.stringKey("mcp.method.name"), "tools/call",
                        AttributeKey.stringKey("gen_ai.tool.name"), "weather",
                        AttributeKey.stringKey("gen_ai.operation.name"), "execute_tool",
                        AttributeKey.stringKey("network.transport"), "pipe"))
                .getCount())
        .isEqualTo(1);
  }

  @Test
  void names_thatAPeerMakesUp_areBounded() {
    for (int i = 0; i < 1000; i++) {
      messages
          .receives(new McpMessage("m" + i, null, "t" + i, null, null, null, null), Map.of())
          .end(McpOutcome.DONE);
    }

    assertThat(backend.spans().stream().map(SpanData::getName).distinct().count())
        .isLessThanOrEqualTo(102);
    assertThat(backend.metric("mcp.server.operation.duration").getHistogramData().getPoints())
        .hasSizeLessThanOrEqualTo(102);
  }

  @ParameterizedTest
  @CsvSource({
    "file:///srv/a.md, file:///srv/a.md",
    "https://h/p?token=secret#x, https://h/p",
    "https://ada:secret@h/p, https://h/p",
    "db://ada:se cret@h/p, h/p",
    "not a uri, not a uri",
  })
  void uri_isSanitized(String uri, String expected) {
    assertThat(McpNames.sanitized(uri)).isEqualTo(expected);
  }

  @Test
  void argumentsAndResult_areContent_inTheSpansContext() throws Exception {
    ContentSettings redacted =
        new ContentSettings(ContentMode.REDACTED, 1000, 1, "short", null, null, null);
    McpObserver told = backend.recorder.mcp(backend.recorder.content(ContentPolicy.of(redacted)));
    assertThat(told.capturesContent()).isTrue();
    assertThat(messages.capturesContent()).isFalse();
    McpCall call = told.sends(CALL);
    call.arguments(Map.of("to", "ada@example.org"));
    call.end(new McpOutcome(null, false, null, false, null, List.of("sent to +49 30 9018200")));

    List<LogRecordData> texts = backend.events();
    assertThat(texts)
        .extracting(
            text -> text.getAttributes().get(AttributeKey.stringKey("innerspan.content.text")))
        .containsExactly("{\"to\":\"[email]\"}", "[\"sent to [phone]\"]");
    assertThat(texts)
        .extracting(
            text -> text.getAttributes().get(AttributeKey.stringKey("innerspan.content.kind")))
        .containsExactly("tool_arguments", "tool_result");
    assertThat(texts)
        .allMatch(text -> text.getSpanContext().getSpanId().equals(backend.onlySpan().getSpanId()));
  }

  @Test
  void noPropagators_putNothingIntoMeta() {
    try (Backend bare = new Backend()) {
      McpObserver plain = bare.recorder.mcp(bare.recorder.content(ContentPolicy.off()));
      assertThat(OpenTelemetry.noop().getPropagators().getTextMapPropagator().fields()).isEmpty();
      assertThat(plain.sends(CALL).propagation()).isEmpty();
    }
  }

  private Span request() {
    return backend
        .sdk()
        .getTracer("test")
        .spanBuilder("request")
        .setParent(Context.root())
        .startSpan();
  }

  private Object attribute(String key) {
    return backend.onlySpan().getAttributes().get(AttributeKey.stringKey(key));
  }

  private static void assertFailed(SpanData span, String errorType) {
    assertThat(span.getStatus()).isEqualTo(StatusData.error());
    assertThat(span.getAttributes().get(AttributeKey.stringKey("error.type"))).isEqualTo(errorType);
  }
}
