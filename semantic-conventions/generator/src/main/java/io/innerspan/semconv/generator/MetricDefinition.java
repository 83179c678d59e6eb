package io.innerspan.semconv.generator;

import java.util.List;

/**
 * A metric.
 *
 * @param name the instrument's name
 * @param instrument {@code counter}, {@code histogram}, {@code gauge} or {@code updowncounter}
 * @param unit in UCUM
 * @param brief one sentence, also the instrument's description
 * @param note more, or empty
 * @param boundaries a histogram's buckets, otherwise empty
 * @param attributes what it may carry
 */
public record MetricDefinition(
    String name,
    String instrument,
    String unit,
    String brief,
    String note,
    List<Double> boundaries,
    List<AttributeReference> attributes)
    implements Signal {
  public MetricDefinition {
    boundaries = List.copyOf(boundaries);
    attributes = List.copyOf(attributes);
  }
}
