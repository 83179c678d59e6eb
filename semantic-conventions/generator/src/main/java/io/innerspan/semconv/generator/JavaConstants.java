package io.innerspan.semconv.generator;

import io.innerspan.semconv.generator.AttributeDefinition.Member;
import io.innerspan.semconv.generator.AttributeDefinition.TemplateMember;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes the registry's names as Java constants that depend on the JDK alone. */
final class JavaConstants {
  private final Registry registry;

  JavaConstants(Registry registry) {
    this.registry = registry;
  }

  List<JavaSource> sources() {
    List<JavaSource> sources = new ArrayList<>();
    sources.add(attributes());
    sources.add(metrics());
    sources.add(events());
    sources.add(spans());
    registry.attributes().stream()
        .filter(attribute -> !attribute.members().isEmpty())
        .forEach(attribute -> sources.add(closedSet(attribute)));
    return sources;
  }

  private JavaSource attributes() {
    JavaSource java = new JavaSource("InnerspanAttributes");
    java.constantsClass("Keys of the attributes that are emitted: our own, then OpenTelemetry's.");
    for (AttributeDefinition attribute : registry.attributes()) {
      if (attribute.isTemplate()) {
        attribute.templateMembers().forEach(member -> template(java, attribute, member));
      } else {
        java.javadoc("  ", attribute.brief());
        java.constant(JavaSource.constantName(attribute.key()), attribute.key());
      }
    }
    reused()
        .forEach(
            (key, brief) -> {
              java.javadoc("  ", brief, "Defined by OpenTelemetry.");
              java.constant(JavaSource.constantName(key), key);
            });
    return java.line("}");
  }

  private static void template(
      JavaSource java, AttributeDefinition attribute, TemplateMember member) {
    String prefix = attribute.key() + ".";
    String suffix = "." + member.suffix();
    java.javadoc("  ", member.brief(), "A `" + member.type() + "`.");
    String method = JavaSource.typeName(attribute.key() + suffix);
    String name = method.substring(0, 1).toLowerCase(Locale.ROOT) + method.substring(1);
    java.line("  public static String " + name + "(String id) {");
    java.line("    return \"" + prefix + "\" + id + \"" + suffix + "\";");
    java.line("  }");
    java.line("");
  }

  private Map<String, String> reused() {
    Map<String, String> reused = new TreeMap<>();
    for (Signal signal : registry.signals()) {
      for (AttributeReference reference : signal.attributes()) {
        if (registry.attribute(reference.key()).isEmpty()) {
          reused.putIfAbsent(reference.key(), reference.brief());
        }
      }
    }
    return reused;
  }

  private JavaSource metrics() {
    JavaSource java = new JavaSource("InnerspanMetrics");
    java.line("import java.util.List;").line("");
    java.constantsClass("Names, units, descriptions and bucket boundaries of the metrics.");
    for (MetricDefinition metric : registry.metrics()) {
      String name = JavaSource.constantName(metric.name());
      java.javadoc("  ", metric.brief(), "A " + metric.instrument() + ".");
      java.constant(name, metric.name());
      java.javadoc("  ", "The unit of `" + metric.name() + "`.");
      java.constant(name + "_UNIT", metric.unit());
      java.javadoc("  ", "The description of `" + metric.name() + "`.");
      java.constant(name + "_DESCRIPTION", metric.brief());
      if (!metric.boundaries().isEmpty()) {
        String values =
            metric.boundaries().stream().map(String::valueOf).collect(Collectors.joining(", "));
        java.javadoc("  ", "The bucket boundaries of `" + metric.name() + "`.");
        java.line("  public static final List<Double> " + name + "_BUCKETS =");
        java.line("      List.of(" + values + ");").line("");
      }
    }
    return java.line("}");
  }

  private JavaSource events() {
    JavaSource java = new JavaSource("InnerspanEvents");
    java.constantsClass("Names of the events, which are log records with an EventName.");
    for (EventDefinition event : registry.events()) {
      String name = JavaSource.constantName(event.name());
      java.javadoc("  ", event.brief());
      java.constant(name, event.name());
      java.javadoc("  ", "The severity of `" + event.name() + "`.");
      java.constant(name + "_SEVERITY", event.severity());
    }
    return java.line("}");
  }

  private JavaSource spans() {
    JavaSource java = new JavaSource("InnerspanSpans");
    java.constantsClass("First words of the spans' names.");
    for (SpanDefinition span : registry.spans()) {
      java.javadoc("  ", span.brief(), "The name is `" + span.nameRule() + "`.");
      java.constant(JavaSource.constantName(span.name()), span.operation());
    }
    return java.line("}");
  }

  private static JavaSource closedSet(AttributeDefinition attribute) {
    JavaSource java = new JavaSource(JavaSource.typeName(attribute.key()));
    java.javadoc("", attribute.brief(), "The values of `" + attribute.key() + "`.");
    java.line("public enum " + java.className() + " {");
    List<Member> members = attribute.members();
    for (Member member : members) {
      String end = member.equals(members.get(members.size() - 1)) ? ";" : ",";
      java.javadoc("  ", member.brief());
      java.line("  " + member.id().toUpperCase(Locale.ROOT) + "(\"" + member.value() + "\")" + end);
    }
    java.line("");
    java.line("  private final String value;").line("");
    java.line("  " + java.className() + "(String value) {");
    java.line("    this.value = value;").line("  }").line("");
    java.javadoc("  ", "The emitted value.");
    java.line("  public String value() {").line("    return value;").line("  }").line("");
    boolean open = members.stream().anyMatch(member -> member.value().equals("_OTHER"));
    if (open) {
      java.javadoc("  ", "The member with an emitted value, or `OTHER` when there is none.");
      java.line("  public static " + java.className() + " of(String value) {");
      java.line("    for (" + java.className() + " member : values()) {");
      java.line("      if (member.value.equals(value)) {");
      java.line("        return member;").line("      }").line("    }");
      java.line("    return OTHER;").line("  }");
    }
    return java.line("}");
  }
}
