package io.innerspan.examples.quickstart.driver;

/** Foreign text as a terminal may show it. */
public final class Printable {
  private static final int MAX_CODE_POINTS = 160;

  /** One line in quotation marks, shortened; control characters cannot reach the terminal. */
  public static String quoted(String text) {
    return "\"" + line(text) + "\"";
  }

  /** One line, shortened; control and formatting characters become spaces. */
  public static String line(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .limit(MAX_CODE_POINTS)
        .map(point -> isHarmless(point) ? point : ' ')
        .forEach(line::appendCodePoint);
    return text.codePointCount(0, text.length()) > MAX_CODE_POINTS ? line + "…" : line.toString();
  }

  private static boolean isHarmless(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  private Printable() {}
}
