package io.innerspan.workbench.html;

import java.util.List;
import java.util.Locale;

/** Writes one HTML file: no script, no link, nothing loaded. Every text is escaped. */
final class Html {
  private static final String STYLE =
      """
      body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
      h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}
      table{border-collapse:collapse;margin:.5rem 0}td,th{padding:.2rem .7rem;border-bottom:1px solid #d8dee4;text-align:left}
      td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
      mark{background:rgba(255,170,0,var(--a));color:inherit}
      svg{max-width:100%;height:auto}.note{color:#57606a;max-width:50rem}
      .example{margin:.15rem 0;padding-left:.6rem;border-left:3px solid #d8dee4;overflow-wrap:anywhere}
      details{margin:.4rem 0}summary{cursor:pointer}
      """;

  private final StringBuilder out = new StringBuilder();

  Html(String title) {
    out.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>");
    out.append(escape(title)).append("</title>\n<style>").append(STYLE);
    out.append("</style></head><body>\n<h1>").append(escape(title)).append("</h1>\n");
  }

  Html heading(String text) {
    out.append("<h2>").append(escape(text)).append("</h2>\n");
    return this;
  }

  Html note(String text) {
    out.append("<p class=\"note\">").append(escape(text)).append("</p>\n");
    return this;
  }

  /** A table whose first column is text and the others numbers. */
  Html table(List<String> header, List<List<String>> rows) {
    out.append("<table><thead><tr>");
    cells("th", header);
    out.append("</tr></thead><tbody>\n");
    for (List<String> row : rows) {
      out.append("<tr>");
      cells("td", row);
      out.append("</tr>\n");
    }
    out.append("</tbody></table>\n");
    return this;
  }

  private void cells(String tag, List<String> cells) {
    for (int i = 0; i < cells.size(); i++) {
      out.append('<').append(tag).append(i == 0 ? ">" : " class=\"n\">");
      out.append(escape(cells.get(i))).append("</").append(tag).append('>');
    }
  }

  /** Markup that is right already, such as a chart. */
  Html raw(String markup) {
    out.append(markup).append('\n');
    return this;
  }

  String end() {
    return out + "</body></html>\n";
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  static String number(double value, int digits) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%." + digits + "f", value) : "–";
  }
}
