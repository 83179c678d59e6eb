package io.innerspan.semconv.generator;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes the registry as Markdown sections, by the name of the section in the document. */
final class Documentation {
  private final Registry registry;

  Documentation(Registry registry) {
    this.registry = registry;
  }

  /** The text between the marks of one section. */
  String section(String name) {
    return switch (name) {
      case "spans" -> join(registry.spans().stream().map(this::span).toList());
      case "metrics" -> join(registry.metrics().stream().map(this::metric).toList());
      case "events" -> join(registry.events().stream().map(this::event).toList());
      case "values" ->
          join(
              registry.attributes().stream()
                  .filter(attribute -> !attribute.members().isEmpty())
                  .map(Documentation::values)
                  .toList());
      default -> throw new RegistryException("the document", "a section the generator knows", name);
    };
  }

  private static String join(List<String> parts) {
    return String.join("\n", parts);
  }

  private String span(SpanDefinition span) {
    return "### `"
        + span.name()
        + "`\n\n"
        + paragraph(span.brief())
        + paragraph("Name: `" + span.nameRule() + "`. Kind: " + upper(span.kind()) + ".")
        + paragraph(span.note())
        + attributes(span.attributes());
  }

  private String metric(MetricDefinition metric) {
    String buckets =
        metric.boundaries().isEmpty()
            ? ""
            : "Bucket boundaries: "
                + metric.boundaries().stream()
                    .map(Documentation::number)
                    .collect(Collectors.joining(", "))
                + ".";
    return "### `"
        + metric.name()
        + "`\n\n"
        + paragraph(metric.brief())
        + paragraph("Instrument: " + metric.instrument() + ". Unit: `" + metric.unit() + "`.")
        + paragraph(buckets)
        + paragraph(metric.note())
        + attributes(metric.attributes());
  }

  private String event(EventDefinition event) {
    return "### `"
        + event.name()
        + "`\n\n"
        + paragraph(event.brief())
        + paragraph("Severity: " + event.severity() + ".")
        + paragraph(event.note())
        + attributes(event.attributes());
  }

  private String attributes(List<AttributeReference> references) {
    StringBuilder rows = new StringBuilder();
    for (AttributeReference reference : references) {
      AttributeDefinition definition = registry.attribute(reference.key()).orElse(null);
      if (definition == null) {
        String source = " (OpenTelemetry)";
        row(rows, reference, reference.key(), reference.type() + source, reference.brief(), "");
      } else if (definition.isTemplate()) {
        definition
            .templateMembers()
            .forEach(
                member ->
                    row(
                        rows,
                        reference,
                        definition.key() + ".<id>." + member.suffix(),
                        member.type(),
                        member.brief(),
                        ""));
      } else {
        String brief = reference.brief().isEmpty() ? definition.brief() : reference.brief();
        row(rows, reference, definition.key(), definition.type(), brief, definition.note());
      }
    }
    return "| Attribute | Type | There | Meaning | Examples |\n|---|---|---|---|---|\n" + rows;
  }

  private void row(
      StringBuilder rows,
      AttributeReference reference,
      String key,
      String type,
      String brief,
      String note) {
    List<Object> examples =
        registry
            .attribute(reference.key())
            .filter(definition -> reference.examples().isEmpty() && !definition.isTemplate())
            .map(AttributeDefinition::examples)
            .orElse(reference.examples());
    String there =
        reference.condition().isEmpty()
            ? reference.level().replace('_', '-')
            : reference.condition();
    String meaning = cell(brief + " " + note);
    rows.append("| `" + key + "` | " + type + " | " + there + " | " + meaning)
        .append(" | " + examples(examples) + " |\n");
  }

  private static String values(AttributeDefinition attribute) {
    return "### `"
        + attribute.key()
        + "`\n\n"
        + paragraph(attribute.brief())
        + "| Value | Meaning |\n|---|---|\n"
        + attribute.members().stream()
            .map(member -> "| `" + member.value() + "` | " + cell(member.brief()) + " |\n")
            .collect(Collectors.joining());
  }

  private static String examples(List<Object> examples) {
    return examples.stream().map(example -> "`" + example + "`").collect(Collectors.joining("; "));
  }

  private static String paragraph(String text) {
    return text.isEmpty() ? "" : text.replace('\n', ' ') + "\n\n";
  }

  private static String cell(String text) {
    return text.strip().replace('\n', ' ').replace("|", "\\|");
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : Double.toString(value);
  }

  private static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }
}
