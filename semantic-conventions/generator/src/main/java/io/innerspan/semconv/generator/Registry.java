package io.innerspan.semconv.generator;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The telemetry registry: what may be emitted.
 *
 * @param attributes the attributes defined here; others are references into OpenTelemetry's
 *     registry
 * @param metrics the metrics, in the order of the files
 * @param events the events
 * @param spans the spans
 */
public record Registry(
    List<AttributeDefinition> attributes,
    List<MetricDefinition> metrics,
    List<EventDefinition> events,
    List<SpanDefinition> spans) {
  public Registry {
    attributes = List.copyOf(attributes);
    metrics = List.copyOf(metrics);
    events = List.copyOf(events);
    spans = List.copyOf(spans);
  }

  /** The definition of an attribute, or empty when the key is of OpenTelemetry's registry. */
  public Optional<AttributeDefinition> attribute(String key) {
    return attributes.stream().filter(attribute -> attribute.key().equals(key)).findFirst();
  }

  /** Everything that carries attributes. */
  public List<Signal> signals() {
    return Stream.of(spans, metrics, events).<Signal>flatMap(List::stream).toList();
  }
}
