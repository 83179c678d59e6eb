package io.innerspan.exporter.siem;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One finding, as it came out of the SDK.
 *
 * @param time when it was raised
 * @param traceId 32 hexadecimal digits, or empty when no inference completed it
 * @param spanId 16 hexadecimal digits, or empty
 * @param attributes the event's attributes: strings, booleans, longs, doubles and lists of these
 * @param resource the resource's attributes, likewise
 */
record Finding(
    Instant time,
    String traceId,
    String spanId,
    Map<String, Object> attributes,
    Map<String, Object> resource) {
  static final String EVENT = "innerspan.finding";
  static final String EVENT_NAME = "event.name";

  /** The file beside the model whose digest a finding may have. */
  static final String TOKENIZER = "tokenizer.json";

  Finding {
    attributes = Map.copyOf(attributes);
    resource = Map.copyOf(resource);
  }

  /** An attribute as text, or {@code null} when it is not there. */
  @Nullable String text(String key) {
    Object value = attributes.get(key);
    return value == null ? null : value.toString();
  }

  /** An attribute as text, empty when it is not there. */
  String textOrEmpty(String key) {
    String text = text(key);
    return text == null ? "" : text;
  }

  /** An attribute as a number, or {@code null} when it is not there or is none. */
  @Nullable Number number(String key) {
    return attributes.get(key) instanceof Number number ? number : null;
  }

  /** An attribute as a list, or {@code null} when it is not there or is none. */
  @Nullable List<?> list(String key) {
    return attributes.get(key) instanceof List<?> list ? list : null;
  }

  /** An attribute of the resource as text, or {@code null} when it is not there. */
  @Nullable String resourceText(String key) {
    Object value = resource.get(key);
    return value == null ? null : value.toString();
  }

  String kind() {
    return textOrEmpty("innerspan.finding.kind");
  }

  Severity severity() {
    return Severity.of(textOrEmpty("innerspan.finding.severity"));
  }

  String model() {
    String model = text("innerspan.model.name");
    return model == null ? "unnamed model" : model;
  }

  String title() {
    return kind() + ": " + textOrEmpty("innerspan.monitor.id") + " on " + model();
  }

  /** How many findings this record stands for: itself, and those that the rate limit held back. */
  long count() {
    Number suppressed = number("innerspan.finding.suppressed");
    return 1 + (suppressed == null ? 0 : suppressed.longValue());
  }
}
