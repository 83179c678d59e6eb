package io.innerspan.testing;

import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One span as it came over OTLP.
 *
 * @param proto the span itself
 * @param scope the name of the instrumentation scope
 * @param resource the attributes of the resource
 */
public record ReceivedSpan(Span proto, String scope, Map<String, Object> resource) {
  /** 32 lower-case hexadecimal digits. */
  public String traceId() {
    return OtlpValues.hex(proto.getTraceId());
  }

  /** 16 lower-case hexadecimal digits. */
  public String spanId() {
    return OtlpValues.hex(proto.getSpanId());
  }

  /** 16 lower-case hexadecimal digits; empty when the span is a root. */
  public String parentSpanId() {
    return OtlpValues.hex(proto.getParentSpanId());
  }

  public String name() {
    return proto.getName();
  }

  public SpanKind kind() {
    return proto.getKind();
  }

  public Duration duration() {
    return Duration.ofNanos(proto.getEndTimeUnixNano() - proto.getStartTimeUnixNano());
  }

  /** The attributes as {@link OtlpValues#attributes} gives them. */
  public Map<String, Object> attributes() {
    return OtlpValues.attributes(proto.getAttributesList());
  }

  /** One attribute's value, or null when the span does not carry it. */
  public @Nullable Object attribute(String key) {
    return attributes().get(key);
  }

  @Override
  public String toString() {
    return kind() + " " + name() + " [" + traceId() + "/" + spanId() + "] " + attributes();
  }
}
