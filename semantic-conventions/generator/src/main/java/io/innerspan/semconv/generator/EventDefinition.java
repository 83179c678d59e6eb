package io.innerspan.semconv.generator;

import java.util.List;

/**
 * An event: a log record with a name.
 *
 * @param name the EventName
 * @param severity the default severity, a SeverityText such as {@code WARN}
 * @param brief one sentence
 * @param note more, or empty
 * @param attributes what it may carry
 */
public record EventDefinition(
    String name, String severity, String brief, String note, List<AttributeReference> attributes)
    implements Signal {
  public EventDefinition {
    attributes = List.copyOf(attributes);
  }
}
