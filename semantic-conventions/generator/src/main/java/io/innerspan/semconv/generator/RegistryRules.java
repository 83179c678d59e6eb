package io.innerspan.semconv.generator;

import io.innerspan.semconv.generator.AttributeDefinition.Member;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The rules of naming that hold across a registry. Source: OpenTelemetry's naming guidelines
 * (semantic-conventions, docs/general/naming.md), and ours where they are stricter.
 */
final class RegistryRules {
  static final String NAMESPACE = "innerspan.";

  /** Where OpenTelemetry defines signals that we emit too. */
  private static final Set<String> UPSTREAM = Set.of("gen_ai.", "mcp.");

  private static final String SEGMENT = "[a-z][a-z0-9]*(_[a-z0-9]+)*";
  private static final Pattern NAME = Pattern.compile(SEGMENT + "(\\." + SEGMENT + ")+");
  private static final Pattern VALUE = Pattern.compile(SEGMENT + "|_OTHER");
  private static final Pattern UNIT = Pattern.compile("s|By|1|\\{[a-z]+(_[a-z]+)*}");

  private final Registry registry;

  private RegistryRules(Registry registry) {
    this.registry = registry;
  }

  static void check(Registry registry) {
    RegistryRules rules = new RegistryRules(registry);
    rules.namesAreUnique();
    registry.attributes().forEach(rules::attribute);
    registry.signals().forEach(rules::references);
    registry.attributes().forEach(rules::used);
    registry.metrics().forEach(rules::metric);
    registry.signals().forEach(signal -> signalName(signal.name()));
  }

  private void namesAreUnique() {
    unique("attribute", registry.attributes().stream().map(AttributeDefinition::key).toList());
    unique("signal", registry.signals().stream().map(Signal::name).toList());
  }

  private void attribute(AttributeDefinition attribute) {
    String key = attribute.key();
    name(key);
    if (attribute.members().isEmpty() && attribute.examples().isEmpty()) {
      throw new RegistryException(key, "examples", "none");
    }
    unique("member of " + key, attribute.members().stream().map(Member::id).toList());
    unique("value of " + key, attribute.members().stream().map(Member::value).toList());
    for (Member member : attribute.members()) {
      if (!VALUE.matcher(member.value()).matches()) {
        throw new RegistryException(key, "values in snake_case or _OTHER", member.value());
      }
    }
    if (attribute.isTemplate() && attribute.templateMembers().isEmpty()) {
      throw new RegistryException(key, "template_members", "none");
    }
    // A value and an object under one name cannot be stored together by most backends.
    for (AttributeDefinition other : registry.attributes()) {
      if (!attribute.isTemplate() && other.key().startsWith(key + ".")) {
        throw new RegistryException(key, "a name that is no namespace", other.key());
      }
    }
  }

  private void used(AttributeDefinition attribute) {
    boolean used =
        registry.signals().stream()
            .flatMap(signal -> signal.attributes().stream())
            .anyMatch(reference -> reference.key().equals(attribute.key()));
    if (!used) {
      throw new RegistryException(
          attribute.key(), "an attribute that something carries", "no use of it");
    }
  }

  private void references(Signal signal) {
    List<AttributeReference> references = signal.attributes();
    unique(
        "attribute of " + signal.name(), references.stream().map(AttributeReference::key).toList());
    for (AttributeReference reference : references) {
      boolean ours = reference.key().startsWith(NAMESPACE);
      boolean defined = registry.attribute(reference.key()).isPresent();
      if (ours != defined) {
        throw new RegistryException(
            signal.name(),
            "attributes defined here, or OpenTelemetry's outside of " + NAMESPACE + "*",
            reference.key());
      }
      if (!ours && (reference.brief().isEmpty() || reference.examples().isEmpty())) {
        throw new RegistryException(
            signal.name(), "brief and examples for OpenTelemetry's attributes", reference.key());
      }
    }
  }

  private void metric(MetricDefinition metric) {
    if (metric.name().endsWith("_total")) {
      throw new RegistryException(metric.name(), "no _total, exporters add it", "one");
    }
    if (!UNIT.matcher(metric.unit()).matches()) {
      throw new RegistryException(metric.name(), "a unit such as s, By, 1, {row}", metric.unit());
    }
    if (metric.unit().endsWith("s}")) {
      throw new RegistryException(metric.name(), "a unit in the singular", metric.unit());
    }
    buckets(metric);
    for (AttributeReference reference : metric.attributes()) {
      registry
          .attribute(reference.key())
          .filter(attribute -> !Set.of("string", "enum").contains(attribute.type()))
          .ifPresent(
              attribute -> {
                throw new RegistryException(
                    metric.name(), "labels from closed sets", attribute.key());
              });
    }
  }

  private static void buckets(MetricDefinition metric) {
    List<Double> boundaries = metric.boundaries();
    if (metric.instrument().equals("histogram") == boundaries.isEmpty()) {
      throw new RegistryException(
          metric.name(), "bucket boundaries on every histogram, and only there", "" + boundaries);
    }
    for (int i = 1; i < boundaries.size(); i++) {
      if (!(boundaries.get(i - 1) < boundaries.get(i))) {
        throw new RegistryException(metric.name(), "ascending boundaries", "" + boundaries);
      }
    }
  }

  private static void signalName(String name) {
    boolean upstream = UPSTREAM.stream().anyMatch(name::startsWith);
    if (!upstream || !NAME.matcher(name).matches()) {
      name(name);
    }
  }

  private static void name(String name) {
    if (!NAME.matcher(name).matches() || !name.startsWith(NAMESPACE)) {
      throw new RegistryException(
          name, "lowercase snake_case segments, first " + NAMESPACE + "*", name);
    }
  }

  private static void unique(String what, List<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new RegistryException(what, "each name once", name + " twice");
      }
    }
  }
}
