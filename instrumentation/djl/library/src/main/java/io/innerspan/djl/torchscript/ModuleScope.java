package io.innerspan.djl.torchscript;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which variables of a method hold which modules, followed line by line. */
final class ModuleScope {
  private static final Pattern ASSIGNMENT = Pattern.compile("\\s*(\\w+) = (.*)");
  private static final Pattern GETATTR = Pattern.compile("getattr\\((.*), \"([^\"]+)\"\\)");
  private static final Pattern ATTRIBUTE = Pattern.compile("(.*)\\.(\\w+)");
  private static final Pattern NAME = Pattern.compile("\\w+");

  private final Module self;
  private final Map<String, Module> variables = new HashMap<>();

  ModuleScope(Module self) {
    this.self = self;
  }

  /** Takes note of a line's assignment. */
  void read(String line) {
    Matcher assignment = ASSIGNMENT.matcher(line);
    if (assignment.matches()) {
      Module module = resolve(assignment.group(2));
      if (module == null) {
        variables.remove(assignment.group(1));
      } else {
        variables.put(assignment.group(1), module);
      }
    }
  }

  /** The module that an expression stands for, or null. */
  @Nullable Module resolve(String expression) {
    String text = expression.strip();
    if (text.equals("self")) {
      return self;
    }
    if (NAME.matcher(text).matches()) {
      return variables.get(text);
    }
    Matcher attribute = GETATTR.matcher(text);
    if (!attribute.matches()) {
      attribute = ATTRIBUTE.matcher(text);
      if (!attribute.matches()) {
        return null;
      }
    }
    Module owner = resolve(attribute.group(1));
    return owner == null ? null : owner.child(attribute.group(2));
  }
}
