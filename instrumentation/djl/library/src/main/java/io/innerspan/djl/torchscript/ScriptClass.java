package io.innerspan.djl.torchscript;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A module's class.
 *
 * @param name qualified, such as {@code __torch__.net.Linear}
 * @param modules the classes of attributes that are modules, by attribute
 * @param methods by name
 */
record ScriptClass(String name, Map<String, String> modules, Map<String, ScriptMethod> methods) {
  private static final Pattern ATTRIBUTE =
      Pattern.compile(
          "  (?:(\\w+) :|__annotations__\\[\"([^\"]+)\"\\] =) (__torch__\\.[\\w.]+)\\s*");

  private static final String DEF = "  def ";

  ScriptClass {
    modules = Map.copyOf(modules);
    methods = Map.copyOf(methods);
  }

  /** Reads a class from the lines after its head. */
  static ScriptClass of(String name, List<String> lines) {
    Map<String, String> modules = new LinkedHashMap<>();
    Map<String, ScriptMethod> methods = new LinkedHashMap<>();
    int at = 0;
    while (at < lines.size()) {
      String line = lines.get(at);
      if (!line.startsWith(DEF)) {
        Matcher attribute = ATTRIBUTE.matcher(line);
        if (attribute.matches()) {
          String attributeName =
              attribute.group(1) == null ? attribute.group(2) : attribute.group(1);
          modules.put(attributeName, attribute.group(3));
        }
        at++;
        continue;
      }
      List<String> method = new ArrayList<>(List.of(line));
      at++;
      while (at < lines.size() && !lines.get(at).startsWith(DEF)) {
        method.add(lines.get(at++));
      }
      ScriptMethod read = ScriptMethod.of(method);
      if (read != null) {
        methods.put(read.name(), read);
      }
    }
    return new ScriptClass(name, modules, methods);
  }
}
