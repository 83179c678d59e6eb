package io.innerspan.semconv.generator;

import io.innerspan.semconv.generator.AttributeDefinition.Member;
import io.innerspan.semconv.generator.AttributeDefinition.TemplateMember;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Reads a registry in Weaver's definition syntax, version 2: the part of the syntax that we use,
 * strictly. Source: open-telemetry/weaver, schemas/semconv.definition-syntax.v2.md.
 */
public final class RegistryReader {
  static final String MANIFEST = "manifest.yaml";
  private static final Set<String> STABILITIES =
      Set.of("development", "alpha", "beta", "release_candidate", "stable");
  private static final Set<String> TYPES =
      Set.of("string", "int", "double", "boolean", "string[]", "int[]", "double[]", "boolean[]");
  private static final Set<String> KINDS =
      Set.of("client", "server", "producer", "consumer", "internal");
  private static final Set<String> INSTRUMENTS =
      Set.of("counter", "gauge", "histogram", "updowncounter");
  private static final Set<String> LEVELS = Set.of("required", "recommended", "opt_in");
  private static final Set<String> SEVERITIES =
      Set.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL");

  private final List<AttributeDefinition> attributes = new ArrayList<>();
  private final List<MetricDefinition> metrics = new ArrayList<>();
  private final List<EventDefinition> events = new ArrayList<>();
  private final List<SpanDefinition> spans = new ArrayList<>();

  /**
   * Reads and checks all files of a registry's folder.
   *
   * @throws RegistryException naming file and place when the registry breaks a rule
   * @throws IOException when a file cannot be read
   */
  public static Registry read(Path folder) throws IOException {
    RegistryReader reader = new RegistryReader();
    reader.manifest(load(folder.resolve(MANIFEST)));
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(RegistryReader::isDefinition).sorted().toList();
    }
    for (Path file : files) {
      reader.definitions(load(file));
    }
    Registry registry =
        new Registry(reader.attributes, reader.metrics, reader.events, reader.spans);
    RegistryRules.check(registry);
    return registry;
  }

  private static boolean isDefinition(Path file) {
    return file.toString().endsWith(".yaml") && !file.endsWith(MANIFEST);
  }

  private static Node load(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      // Refuses duplicate keys by itself.
      Load yaml = new Load(LoadSettings.builder().setLabel(file.toString()).build());
      return Node.of(file.getFileName().toString(), yaml.loadFromInputStream(in));
    }
  }

  private void manifest(Node manifest) {
    manifest.text("schema_url");
    manifest.text("description");
    manifest.oneOf("stability", STABILITIES);
    for (Node dependency : manifest.nodesOrEmpty("dependencies")) {
      dependency.text("schema_url");
      dependency.text("registry_path");
      dependency.end();
    }
    manifest.end();
  }

  private void definitions(Node file) {
    file.oneOf("file_format", Set.of("definition/2"));
    file.nodesOrEmpty("attributes").forEach(node -> attributes.add(attribute(node)));
    file.nodesOrEmpty("metrics").forEach(node -> metrics.add(metric(node)));
    file.nodesOrEmpty("events").forEach(node -> events.add(event(node)));
    file.nodesOrEmpty("spans").forEach(node -> spans.add(span(node)));
    file.end();
  }

  private static AttributeDefinition attribute(Node node) {
    List<Member> members = new ArrayList<>();
    List<TemplateMember> templateMembers = new ArrayList<>();
    String key = node.text("key");
    String type;
    if (node.get("type") instanceof String) {
      type = node.text("type");
    } else {
      type = "enum";
      Node set = node.node("type");
      set.nodesOrEmpty("members").forEach(member -> members.add(member(member)));
      set.end();
    }
    if (type.startsWith("template[")) {
      Node annotations = node.node("annotations");
      annotations
          .nodesOrEmpty("template_members")
          .forEach(member -> templateMembers.add(templateMember(member)));
      annotations.end();
    } else if (members.isEmpty()) {
      node.oneOf("type", TYPES);
    }
    AttributeDefinition attribute =
        new AttributeDefinition(
            key,
            type,
            stableBrief(node),
            node.textOrEmpty("note"),
            node.listOrEmpty("examples"),
            members,
            templateMembers);
    node.end();
    return attribute;
  }

  private static Member member(Node node) {
    Member member = new Member(node.text("id"), node.text("value"), stableBrief(node));
    node.end();
    return member;
  }

  private static TemplateMember templateMember(Node node) {
    TemplateMember member =
        new TemplateMember(node.text("suffix"), node.oneOf("type", TYPES), node.text("brief"));
    node.end();
    return member;
  }

  private static MetricDefinition metric(Node node) {
    List<Double> boundaries = List.of();
    if (node.has("annotations")) {
      Node annotations = node.node("annotations");
      boundaries = annotations.numbers("explicit_bucket_boundaries");
      annotations.end();
    }
    MetricDefinition metric =
        new MetricDefinition(
            node.text("name"),
            node.oneOf("instrument", INSTRUMENTS),
            node.text("unit"),
            stableBrief(node),
            node.textOrEmpty("note"),
            boundaries,
            references(node));
    node.end();
    return metric;
  }

  private static EventDefinition event(Node node) {
    Node annotations = node.node("annotations");
    EventDefinition event =
        new EventDefinition(
            node.text("name"),
            annotations.oneOf("severity", SEVERITIES),
            stableBrief(node),
            node.textOrEmpty("note"),
            references(node));
    annotations.end();
    node.end();
    return event;
  }

  private static SpanDefinition span(Node node) {
    Node annotations = node.node("annotations");
    Node name = node.node("name");
    SpanDefinition span =
        new SpanDefinition(
            node.text("type"),
            node.oneOf("kind", KINDS),
            annotations.text("operation"),
            name.text("note"),
            stableBrief(node),
            node.textOrEmpty("note"),
            references(node));
    annotations.end();
    name.end();
    node.end();
    return span;
  }

  private static List<AttributeReference> references(Node signal) {
    return signal.nodesOrEmpty("attributes").stream().map(RegistryReader::reference).toList();
  }

  private static AttributeReference reference(Node node) {
    String level = "conditionally_required";
    String condition = "";
    if (node.get("requirement_level") instanceof String) {
      level = node.oneOf("requirement_level", LEVELS);
    } else {
      Node conditional = node.node("requirement_level");
      condition = conditional.text(level);
      conditional.end();
    }
    node.get("sampling_relevant");
    String type = "string";
    if (node.has("annotations")) {
      Node annotations = node.node("annotations");
      type = annotations.oneOf("type", TYPES);
      annotations.end();
    }
    AttributeReference reference =
        new AttributeReference(
            node.text("ref"),
            level,
            condition,
            node.textOrEmpty("brief"),
            node.listOrEmpty("examples"),
            type);
    node.end();
    return reference;
  }

  private static String stableBrief(Node node) {
    node.oneOf("stability", STABILITIES);
    return node.text("brief");
  }
}
