package io.innerspan.djl.torchscript;

import java.util.ArrayList;
import java.util.List;

/**
 * A parameter of a method.
 *
 * @param name as in the code
 * @param type as in the code, such as {@code Optional[Tensor]}
 * @param optional whether it has a default
 */
record ScriptParameter(String name, String type, boolean optional) {
  boolean isTensor() {
    return type.equals("Tensor");
  }

  boolean isOptionalTensor() {
    return type.equals("Optional[Tensor]");
  }

  /** The parameters of a list such as {@code x: Tensor, sr: int=16000}. */
  static List<ScriptParameter> all(String list) {
    List<ScriptParameter> parameters = new ArrayList<>();
    for (String each : split(list)) {
      int colon = each.indexOf(':');
      String type = each.substring(colon + 1).strip();
      int equals = type.indexOf('=');
      parameters.add(
          new ScriptParameter(
              each.substring(0, colon).strip(),
              equals < 0 ? type : type.substring(0, equals).strip(),
              equals >= 0));
    }
    return parameters;
  }

  /** The parts between commas that lie in no bracket. */
  static List<String> split(String list) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    boolean quoted = false;
    for (int i = 0; i < list.length(); i++) {
      char c = list.charAt(i);
      if (c == '"' && (i == 0 || list.charAt(i - 1) != '\\')) {
        quoted = !quoted;
      } else if (quoted) {
        continue;
      } else if (c == '[' || c == '(') {
        depth++;
      } else if (c == ']' || c == ')') {
        depth--;
      } else if (c == ',' && depth == 0) {
        parts.add(list.substring(start, i).strip());
        start = i + 1;
      }
    }
    if (!list.substring(start).isBlank()) {
      parts.add(list.substring(start).strip());
    }
    return parts;
  }
}
