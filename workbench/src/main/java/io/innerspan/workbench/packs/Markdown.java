package io.innerspan.workbench.packs;

/** Words of a pack within Markdown: they stay words, whatever they are. */
final class Markdown {
  /** Words on one line, within a paragraph or a table's cell. */
  static String text(String words) {
    StringBuilder out = new StringBuilder();
    words
        .replaceAll("\\s+", " ")
        .strip()
        .codePoints()
        .forEach(
            point -> {
              if ("\\`*_[]<>#|~&!".indexOf(point) >= 0) {
                out.append('\\');
              }
              out.appendCodePoint(point);
            });
    return out.toString();
  }

  private Markdown() {}
}
