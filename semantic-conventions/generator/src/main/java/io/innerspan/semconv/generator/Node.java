package io.innerspan.semconv.generator;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A mapping of a YAML file, read key by key. Says file and place of everything that is missing, of
 * another type, or unknown, so that a slip of the pen does not silently lose a name.
 */
final class Node {
  private final String place;
  private final Map<?, ?> values;
  private final Set<String> read = new HashSet<>();

  private Node(String place, Map<?, ?> values) {
    this.place = place;
    this.values = values;
  }

  static Node of(String place, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return new Node(place, map);
    }
    throw new RegistryException(place, "a mapping", describe(value));
  }

  String place() {
    return place;
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  String text(String key) {
    Object value = get(key);
    if (value instanceof String text && !text.isBlank()) {
      return text.strip();
    }
    throw new RegistryException(place + "." + key, "a text", describe(value));
  }

  String textOrEmpty(String key) {
    return has(key) ? text(key) : "";
  }

  String oneOf(String key, Set<String> allowed) {
    String text = text(key);
    if (!allowed.contains(text)) {
      throw new RegistryException(place + "." + key, "one of " + allowed, text);
    }
    return text;
  }

  @Nullable Object get(String key) {
    read.add(key);
    return values.get(key);
  }

  Node node(String key) {
    return of(place + "." + key, get(key));
  }

  List<Object> listOrEmpty(String key) {
    Object value = get(key);
    if (value == null && !has(key)) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return List.copyOf(list);
    }
    throw new RegistryException(place + "." + key, "a list", describe(value));
  }

  List<Node> nodesOrEmpty(String key) {
    List<Node> nodes = new ArrayList<>();
    for (Object item : listOrEmpty(key)) {
      nodes.add(of(place + "." + key + "[" + nodes.size() + "]", item));
    }
    return nodes;
  }

  List<Double> numbers(String key) {
    List<Double> numbers = new ArrayList<>();
    for (Object item : listOrEmpty(key)) {
      if (!(item instanceof Number number)) {
        throw new RegistryException(place + "." + key, "numbers", describe(item));
      }
      numbers.add(number.doubleValue());
    }
    return numbers;
  }

  /** Fails when the mapping holds a key that nobody asked for. */
  void end() {
    for (Object key : values.keySet()) {
      if (!(key instanceof String name) || !read.contains(name)) {
        throw new RegistryException(place, "no key of this name", String.valueOf(key));
      }
    }
  }

  private static String describe(@Nullable Object value) {
    return value == null ? "nothing" : value.getClass().getSimpleName() + " " + value;
  }
}
