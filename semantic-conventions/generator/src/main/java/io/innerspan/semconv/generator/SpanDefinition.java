package io.innerspan.semconv.generator;

import java.util.List;

/**
 * A span.
 *
 * @param name the span's type in the registry
 * @param kind such as {@code internal}
 * @param operation the first word of the span's name
 * @param nameRule how the name is made
 * @param brief one sentence
 * @param note more, or empty
 * @param attributes what it may carry
 */
public record SpanDefinition(
    String name,
    String kind,
    String operation,
    String nameRule,
    String brief,
    String note,
    List<AttributeReference> attributes)
    implements Signal {
  public SpanDefinition {
    attributes = List.copyOf(attributes);
  }
}
