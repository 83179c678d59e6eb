package io.innerspan.examples.quickstart.driver;

import com.google.protobuf.ByteString;
import io.innerspan.testing.ReceivedSpan;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.util.HexFormat;
import java.util.Map;

/** Spans made by hand, all of one trace. */
final class Spans {
  static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  private final Span.Builder span = Span.newBuilder().setTraceId(bytes(TRACE));

  /** A span with ids of one hexadecimal digit, repeated. */
  static Spans span(String name, SpanKind kind, char id, char parent) {
    Spans spans = new Spans();
    spans
        .span
        .setName(name)
        .setKind(kind)
        .setSpanId(bytes(String.valueOf(id).repeat(16)))
        .setParentSpanId(bytes(String.valueOf(parent).repeat(16)));
    return spans;
  }

  /** The server's span of an embed request, from 0 to 40 ms. */
  static ReceivedSpan server() {
    return span("POST /embed", SpanKind.SPAN_KIND_SERVER, 'a', '1').millis(0, 40).received();
  }

  /** An inference with two probes, from 2 to 14.5 ms, below {@link #server}. */
  static ReceivedSpan inference() {
    return span("embed minilm", SpanKind.SPAN_KIND_INTERNAL, 'b', 'a')
        .millis(2, 14.5)
        .with("innerspan.engine.name", "onnxruntime")
        .with("artifact.hash", "sha256:00ff")
        .with("innerspan.probe.toxic.score", 0.125)
        .with("innerspan.probe.injection.score", 0.975)
        .with("innerspan.probe.injection.label", "injection")
        .withList("innerspan.pack", "quickstart@1")
        .received();
  }

  /** The time, counted from the beginning of the trace. */
  Spans millis(double start, double end) {
    span.setStartTimeUnixNano(1_000_000_000L + Math.round(start * 1e6))
        .setEndTimeUnixNano(1_000_000_000L + Math.round(end * 1e6));
    return this;
  }

  Spans with(String key, String value) {
    return with(key, AnyValue.newBuilder().setStringValue(value).build());
  }

  Spans with(String key, double value) {
    return with(key, AnyValue.newBuilder().setDoubleValue(value).build());
  }

  Spans withList(String key, String... values) {
    ArrayValue.Builder list = ArrayValue.newBuilder();
    for (String value : values) {
      list.addValues(AnyValue.newBuilder().setStringValue(value));
    }
    return with(key, AnyValue.newBuilder().setArrayValue(list).build());
  }

  ReceivedSpan received() {
    return new ReceivedSpan(span.build(), "test", Map.of());
  }

  private Spans with(String key, AnyValue value) {
    span.addAttributes(KeyValue.newBuilder().setKey(key).setValue(value));
    return this;
  }

  private static ByteString bytes(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }

  private Spans() {}
}
