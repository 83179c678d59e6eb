package io.innerspan.examples.quickstart.driver;

/**
 * Colours for a terminal, or none.
 *
 * @param coloured whether to use ANSI escape sequences
 */
public record Palette(boolean coloured) {
  /** Strong. */
  public String bold(String text) {
    return sequence("1", text);
  }

  /** Weak. */
  public String faint(String text) {
    return sequence("2", text);
  }

  /** Green, yellow or red for the lower, middle or upper third of [0, 1]. */
  public String heat(double score, String text) {
    return sequence(score < 1 / 3.0 ? "32" : score < 2 / 3.0 ? "33" : "31", text);
  }

  private String sequence(String code, String text) {
    return coloured ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
