package io.innerspan.recorder;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A span that goes nowhere: what would be on it, for the application. For one thread. */
final class CollectedAttributes implements Span {
  private final Map<String, Object> values = new LinkedHashMap<>();

  /** The values of one signal's attributes, by the end of their names. */
  Map<String, Object> of(String signal) {
    Map<String, Object> members = new LinkedHashMap<>();
    String middle = "." + signal + ".";
    values.forEach(
        (key, value) -> {
          int at = key.indexOf(middle);
          if (at >= 0) {
            members.put(key.substring(at + middle.length()), value);
          }
        });
    return members;
  }

  @Override
  public <T> Span setAttribute(AttributeKey<T> key, @Nullable T value) {
    if (value != null) {
      values.put(key.getKey(), value);
    }
    return this;
  }

  @Override
  public Span addEvent(String name, Attributes attributes) {
    return this;
  }

  @Override
  public Span addEvent(String name, Attributes attributes, long timestamp, TimeUnit unit) {
    return this;
  }

  @Override
  public Span setStatus(StatusCode statusCode, String description) {
    return this;
  }

  @Override
  public Span recordException(Throwable exception, Attributes additionalAttributes) {
    return this;
  }

  @Override
  public Span updateName(String name) {
    return this;
  }

  @Override
  public void end() {}

  @Override
  public void end(long timestamp, TimeUnit unit) {}

  @Override
  public SpanContext getSpanContext() {
    return SpanContext.getInvalid();
  }

  @Override
  public boolean isRecording() {
    return true;
  }
}
