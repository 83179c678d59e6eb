package io.innerspan.djl.torchscript;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A method of a module's class.
 *
 * @param name of the method
 * @param parameters as in the code, without {@code self}; may be empty
 * @param returns the type of what it returns
 * @param body its lines, with their indentation
 */
record ScriptMethod(String name, String parameters, String returns, List<String> body) {
  private static final Pattern HEAD =
      Pattern.compile("def (\\w+)\\(self: [\\w.]+(?:,\\s*(.*?))?,?\\s*\\) -> (.*):");

  ScriptMethod {
    body = List.copyOf(body);
  }

  /** Reads a method, or null where its head is not understood. */
  static @Nullable ScriptMethod of(List<String> lines) {
    StringBuilder head = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      head.append(i == 0 ? "" : " ").append(lines.get(i).strip());
      Matcher matcher = HEAD.matcher(head);
      if (matcher.matches()) {
        String parameters = matcher.group(2) == null ? "" : matcher.group(2);
        List<String> body = lines.subList(i + 1, lines.size());
        return new ScriptMethod(matcher.group(1), parameters, matcher.group(3), body);
      }
    }
    return null;
  }

  /** The head with another name, and parameters before its own, of which there may be none. */
  String head(String newName, String selfType, String first, String newReturns) {
    String all =
        Stream.of(first, parameters)
            .filter(some -> !some.isEmpty())
            .map(some -> ", " + some)
            .collect(Collectors.joining());
    return "  def " + newName + "(self: " + selfType + all + ") -> " + newReturns + ":";
  }
}
