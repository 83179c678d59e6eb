package io.innerspan.semconv.generator;

import java.util.List;

/**
 * The use of an attribute by a span, metric or event.
 *
 * @param key the attribute
 * @param level {@code required}, {@code conditionally_required}, {@code recommended} or {@code
 *     opt_in}
 * @param condition when a conditionally required attribute is there, otherwise empty
 * @param brief a sentence for this use, or empty to take the definition's
 * @param examples values for this use, or empty to take the definition's
 * @param type of one of OpenTelemetry's attributes; our own have that of their definition
 */
public record AttributeReference(
    String key, String level, String condition, String brief, List<Object> examples, String type) {
  public AttributeReference {
    examples = List.copyOf(examples);
  }
}
