package io.innerspan.signals;

import java.util.Locale;

/** Makes text of untrusted origin fit for one line of a log. */
public final class OneLine {
  private static final int MAX_LENGTH = 600;
  private static final int MAX_NAME = 100;

  /** The text with control and line-breaking characters escaped, cut after 600 characters. */
  public static String of(String text) {
    StringBuilder line = new StringBuilder(Math.min(text.length(), MAX_LENGTH) + 1);
    for (int i = 0; i < text.length(); i++) {
      if (line.length() >= MAX_LENGTH) {
        return line.append('…').toString();
      }
      char c = text.charAt(i);
      if (isUnfit(c)) {
        line.append("\\u").append(String.format(Locale.ROOT, "%04x", (int) c));
      } else {
        line.append(c);
      }
    }
    return line.toString();
  }

  /** A name in a message, so short that what is said about it can still be read. */
  public static String name(String name) {
    return name.length() > MAX_NAME ? name.substring(0, MAX_NAME) + "…" : name;
  }

  private static boolean isUnfit(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  private OneLine() {}
}
