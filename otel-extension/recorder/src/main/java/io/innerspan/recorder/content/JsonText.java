package io.innerspan.recorder.content;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values of the JDK's types as JSON, for text to be redacted in: strings keep their characters, but
 * for the few that JSON must escape.
 */
public final class JsonText {
  private static final int DEEPEST = 64;

  private final StringBuilder out = new StringBuilder();
  private final int limit;

  private JsonText(int limit) {
    this.limit = limit;
  }

  /**
   * The text of a value; of any other type that of {@code toString}.
   *
   * @param limit about how many characters are written at most
   */
  public static String of(Object value, int limit) {
    JsonText json = new JsonText(limit);
    json.write(value, 0);
    return json.out.toString();
  }

  private void write(@Nullable Object value, int depth) {
    if (out.length() >= limit) {
      return;
    }
    if (depth > DEEPEST) {
      out.append("\"…\"");
    } else if (value instanceof Map<?, ?> map) {
      map(map, depth);
    } else if (value instanceof Iterable<?> values) {
      values(values, depth);
    } else if (value == null || value instanceof Number || value instanceof Boolean) {
      out.append(value);
    } else {
      string(value.toString());
    }
  }

  private void map(Map<?, ?> map, int depth) {
    out.append('{');
    String comma = "";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      out.append(comma);
      string(String.valueOf(entry.getKey()));
      out.append(':');
      write(entry.getValue(), depth + 1);
      comma = ",";
    }
    out.append('}');
  }

  private void values(Iterable<?> values, int depth) {
    out.append('[');
    String comma = "";
    for (Object value : values) {
      out.append(comma);
      write(value, depth + 1);
      comma = ",";
    }
    out.append(']');
  }

  private void string(String text) {
    out.append('"');
    int end = Math.min(text.length(), Math.max(0, limit - out.length()));
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> out.append(c < ' ' ? ' ' : c);
      }
    }
    out.append('"');
  }
}
