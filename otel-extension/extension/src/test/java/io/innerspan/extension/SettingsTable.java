package io.innerspan.extension;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The documentation's table of settings, rendered from {@link Setting}. */
final class SettingsTable {
  private static final Pattern SECTION =
      Pattern.compile("(<!-- generated: settings -->\n).*?(<!-- end -->)", Pattern.DOTALL);

  /** The document with the table between its marks. */
  static String replaceIn(String document) {
    Matcher section = SECTION.matcher(document);
    if (!section.find()) {
      throw new IllegalArgumentException("expected the marks " + SECTION + ", found none");
    }
    return section.replaceAll(
        marks ->
            Matcher.quoteReplacement(marks.group(1) + "\n" + render() + "\n" + marks.group(2)));
  }

  static String render() {
    StringBuilder table = new StringBuilder();
    table.append(row("System property", "Environment variable", "YAML key", "Type", "Default"));
    table.append("| Meaning |\n|---|---|---|---|---|---|\n");
    for (Setting setting : Setting.values()) {
      table.append(
          row(
              code(setting.systemProperty()),
              code(setting.environmentVariable()),
              code(setting.key()),
              setting.type(),
              setting.defaultValue().isEmpty() ? "none" : code(setting.defaultValue())));
      table.append("| ").append(setting.description().replace("|", "\\|")).append(" |\n");
    }
    return table.toString();
  }

  private static String row(String... cells) {
    StringBuilder row = new StringBuilder();
    Stream.of(cells).forEach(cell -> row.append("| ").append(cell).append(' '));
    return row.toString();
  }

  private static String code(String text) {
    return '`' + text + '`';
  }

  private SettingsTable() {}
}
