package io.innerspan.semconv.generator;

import java.util.List;

/**
 * An attribute of our own.
 *
 * @param key the name
 * @param type such as {@code string}, {@code double} or {@code template[any]}; {@code enum} when it
 *     has members
 * @param brief one sentence
 * @param note more, or empty
 * @param examples values as YAML read them
 * @param members the closed set of values of an {@code enum}, otherwise empty
 * @param templateMembers what a template stands for, otherwise empty
 */
public record AttributeDefinition(
    String key,
    String type,
    String brief,
    String note,
    List<Object> examples,
    List<Member> members,
    List<TemplateMember> templateMembers) {
  public AttributeDefinition {
    examples = List.copyOf(examples);
    members = List.copyOf(members);
    templateMembers = List.copyOf(templateMembers);
  }

  /** Whether this stands for many attributes whose names begin with the key. */
  public boolean isTemplate() {
    return type.startsWith("template[");
  }

  /**
   * One value of a closed set.
   *
   * @param id the name in code
   * @param value the emitted value
   * @param brief one sentence
   */
  public record Member(String id, String value, String brief) {}

  /**
   * One attribute {@code key.<key>.suffix} that a template stands for.
   *
   * @param suffix the last segment
   * @param type the attribute's type
   * @param brief one sentence
   */
  public record TemplateMember(String suffix, String type, String brief) {}
}
