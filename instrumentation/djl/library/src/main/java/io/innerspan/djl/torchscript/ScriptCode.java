package io.innerspan.djl.torchscript;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The classes of an archive's modules, and where methods can be added to them. */
final class ScriptCode {
  private static final Pattern CLASS = Pattern.compile("class (\\w+)\\(Module\\):\\s*");

  /** An operation that changes its first argument. */
  private static final Pattern IN_PLACE = Pattern.compile("torch\\.[a-z]\\w*[a-z0-9]_\\(");

  private static final Pattern ATTRIBUTE_SET = Pattern.compile("(?m)^ +[^=\"]*\\.\\w+ = ");
  private static final Pattern CONTAINER_KEPT = Pattern.compile("(?m)^ +\\w+ : (List|Dict)\\[");
  private static final Pattern CONTAINER_CHANGED =
      Pattern.compile("torch\\.(append|extend|insert|pop|remove|clear|update|_set_item)\\(");
  private static final Pattern RANDOM =
      Pattern.compile(
          "torch\\.(rand\\w*|bernoulli_?|multinomial|(log_)?normal_?|poisson|seed|manual_seed"
              + "|uniform_|exponential_|geometric_|cauchy_)\\(");

  /** A class's place in a file: methods are added before line {@code end}. */
  private record Place(String file, int end) {}

  private final Map<String, String> sources;
  private final Map<String, ScriptClass> classes = new HashMap<>();
  private final Map<String, Place> places = new HashMap<>();

  ScriptCode(Map<String, String> sources) {
    this.sources = sources;
    sources.forEach(this::read);
  }

  private void read(String file, String text) {
    String module = file.substring(0, file.length() - ".py".length()).replace('/', '.');
    String[] lines = text.split("\n", -1);
    for (int at = 0; at < lines.length; at++) {
      Matcher head = CLASS.matcher(lines[at]);
      if (!head.matches()) {
        continue;
      }
      int end = at + 1;
      int last = end;
      while (end < lines.length && (lines[end].isBlank() || lines[end].startsWith(" "))) {
        last = lines[end].isBlank() ? last : end + 1;
        end++;
      }
      String name = module + "." + head.group(1);
      List<String> body = List.of(lines).subList(at + 1, last);
      classes.put(name, ScriptClass.of(name, body));
      places.put(name, new Place(file, last));
      at = last - 1;
    }
  }

  Map<String, ScriptClass> classes() {
    return classes;
  }

  /** Whether some operation changes its argument, so that what was tapped may change later. */
  boolean changesInPlace() {
    return finds(IN_PLACE);
  }

  /**
   * Whether it can run twice on the same inputs without anybody noticing: it keeps nothing from one
   * run to the next, and draws no random numbers. Where that is not certain, no.
   */
  boolean isRepeatable() {
    return !(finds(IN_PLACE)
        || finds(ATTRIBUTE_SET)
        || finds(RANDOM)
        || (finds(CONTAINER_KEPT) && finds(CONTAINER_CHANGED)));
  }

  /** Whether it may draw random numbers. Where that is not certain, yes; dropout draws none. */
  boolean isRandom() {
    return finds(RANDOM);
  }

  private boolean finds(Pattern pattern) {
    return sources.values().stream().anyMatch(text -> pattern.matcher(text).find());
  }

  /** Whether a text occurs in the code. */
  boolean contains(String text) {
    return sources.values().stream().anyMatch(source -> source.contains(text));
  }

  /**
   * The files that change when methods are added.
   *
   * @param methods the lines of methods by class
   */
  Map<String, String> with(Map<String, List<String>> methods) {
    Map<String, Map<Integer, List<String>>> byFile = new LinkedHashMap<>();
    methods.forEach(
        (name, lines) -> {
          Place place = places.get(name);
          if (place == null) {
            throw new IllegalArgumentException("expected a class of the archive, found " + name);
          }
          byFile.computeIfAbsent(place.file(), any -> new HashMap<>()).put(place.end(), lines);
        });
    Map<String, String> changed = new HashMap<>();
    byFile.forEach(
        (file, added) ->
            changed.put(file, inserted(Objects.requireNonNull(sources.get(file)), added)));
    return changed;
  }

  private static String inserted(String text, Map<Integer, List<String>> added) {
    String[] lines = text.split("\n", -1);
    List<String> result = new ArrayList<>();
    for (int at = 0; at <= lines.length; at++) {
      result.addAll(added.getOrDefault(at, List.of()));
      if (at < lines.length) {
        result.add(lines[at]);
      }
    }
    return String.join("\n", result);
  }
}
