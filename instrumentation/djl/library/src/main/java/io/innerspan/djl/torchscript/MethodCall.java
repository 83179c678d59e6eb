package io.innerspan.djl.torchscript;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A call {@code (receiver).method(…)} in a line.
 *
 * @param receiver the expression
 * @param method the name
 * @param start where the name begins
 * @param end after the bracket that opens the arguments
 */
record MethodCall(String receiver, String method, int start, int end) {
  /** The calls of a line, in the order in which their names stand. */
  static List<MethodCall> in(String line) {
    List<MethodCall> calls = new ArrayList<>();
    Deque<Integer> open = new ArrayDeque<>();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && quoted) {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (quoted) {
        continue;
      } else if (c == '(') {
        open.push(i);
      } else if (c == ')' && !open.isEmpty()) {
        int from = open.pop() + 1;
        int end = endOfName(line, i + 2);
        if (line.startsWith(").", i) && end > i + 2 && line.startsWith("(", end)) {
          String method = line.substring(i + 2, end);
          calls.add(new MethodCall(line.substring(from, i), method, i + 2, end + 1));
        }
      }
    }
    return calls;
  }

  private static int endOfName(String line, int from) {
    int end = from;
    while (end < line.length()
        && (Character.isLetterOrDigit(line.charAt(end)) || line.charAt(end) == '_')) {
      end++;
    }
    return end;
  }
}
