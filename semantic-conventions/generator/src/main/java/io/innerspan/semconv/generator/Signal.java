package io.innerspan.semconv.generator;

import java.util.List;

/** A span, metric or event of the registry. */
public sealed interface Signal permits SpanDefinition, MetricDefinition, EventDefinition {
  /** The metric's or event's name, or the span's type. */
  String name();

  /** One sentence. */
  String brief();

  /** The attributes that it may carry. */
  List<AttributeReference> attributes();
}
