package io.innerspan.testing;

import io.opentelemetry.proto.logs.v1.LogRecord;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One log record or event as it came over OTLP.
 *
 * @param proto the record itself
 * @param scope the name of the instrumentation scope
 * @param resource the attributes of the resource
 */
public record ReceivedLog(LogRecord proto, String scope, Map<String, Object> resource) {
  /** The event's name; empty for a plain log record. */
  public String eventName() {
    return proto.getEventName();
  }

  /** The body as {@link OtlpValues} gives values; an empty string when there is none. */
  public Object body() {
    return OtlpValues.value(proto.getBody());
  }

  /** 32 lower-case hexadecimal digits; empty outside a trace. */
  public String traceId() {
    return OtlpValues.hex(proto.getTraceId());
  }

  /** 16 lower-case hexadecimal digits; empty outside a trace. */
  public String spanId() {
    return OtlpValues.hex(proto.getSpanId());
  }

  /** The attributes as {@link OtlpValues#attributes} gives them. */
  public Map<String, Object> attributes() {
    return OtlpValues.attributes(proto.getAttributesList());
  }

  /** One attribute's value, or null when the record does not carry it. */
  public @Nullable Object attribute(String key) {
    return attributes().get(key);
  }

  @Override
  public String toString() {
    return eventName() + " " + body() + " " + attributes();
  }
}
