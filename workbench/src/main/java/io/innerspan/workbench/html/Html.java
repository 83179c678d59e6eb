package io.innerspan.workbench.html;

import java.util.List;
import java.util.Locale;

/**
 * Writes one HTML file: no script, no link, nothing loaded, and a policy that forbids it. Light or
 * dark as the reader's machine is. Every text is escaped.
 */
public final class Html {
  private static final String HEAD =
      """
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      """;

  private static final String STYLE =
      """
      :root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--soft:#57606a;--line:#d8dee4;--mark:255,170,0;--good:#1a7f37;--bad:#b35900}
      @media(prefers-color-scheme:dark){:root{--paper:#14171b;--ink:#e2e6ea;--soft:#9aa4af;--line:#3a424b;--mark:200,130,0;--good:#4cc26a;--bad:#e8a33d}}
      body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;background:var(--paper);color:var(--ink)}
      h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2.2rem}
      table{border-collapse:collapse;margin:.5rem 0}td,th{padding:.2rem .7rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
      td:first-child{overflow-wrap:anywhere;min-width:8rem}h1{overflow-wrap:anywhere}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}td.n{white-space:nowrap}
      .scroll{overflow-x:auto}code{overflow-wrap:anywhere}a{color:inherit}
      mark{background:rgba(var(--mark),var(--a));color:inherit}
      svg{max-width:100%;height:auto;display:block;margin:.8rem 0}.pair{display:flex;flex-wrap:wrap}.note{color:var(--soft);max-width:52rem;overflow-wrap:anywhere}
      .verdict{border-left:6px solid;padding:.1rem 1rem;margin:1rem 0;max-width:52rem}.verdict p{color:var(--ink)}
      .verdict p:first-child{font-size:1.2rem;font-weight:600}.good{border-color:var(--good)}.bad{border-color:var(--bad)}
      .example{margin:.15rem 0;padding-left:.6rem;border-left:3px solid var(--line);overflow-wrap:anywhere}
      details{margin:.4rem 0}summary{cursor:pointer}
      @media print{details{break-inside:avoid}}
      """;

  private final StringBuilder out = new StringBuilder();

  /** Begins a page. */
  public Html(String title) {
    out.append("<!DOCTYPE html>\n<html lang=\"en\"><head>\n").append(HEAD).append("<title>");
    out.append(escape(title)).append("</title>\n<style>").append(STYLE);
    out.append("</style></head><body>\n<h1>").append(escape(title)).append("</h1>\n");
  }

  /** Begins a part of the page. */
  public Html heading(String text) {
    out.append("<h2>").append(escape(text)).append("</h2>\n");
    return this;
  }

  /** A paragraph that explains. */
  public Html note(String text) {
    out.append("<p class=\"note\">").append(escape(text)).append("</p>\n");
    return this;
  }

  /** What the page says, before everything else. */
  public Html verdict(boolean good, String headline, List<String> sentences) {
    out.append("<div class=\"verdict ").append(good ? "good" : "bad").append("\">\n<p>");
    out.append(escape(headline)).append("</p>\n");
    sentences.forEach(each -> out.append("<p>").append(escape(each)).append("</p>\n"));
    out.append("</div>\n");
    return this;
  }

  /** Points one after another. */
  public Html list(List<String> points) {
    out.append("<ul class=\"note\">\n");
    points.forEach(each -> out.append("<li>").append(escape(each)).append("</li>\n"));
    out.append("</ul>\n");
    return this;
  }

  /** A table whose first column is text and the others numbers. */
  public Html table(List<String> header, List<List<String>> rows) {
    out.append("<div class=\"scroll\"><table><thead><tr>");
    cells("th", header);
    out.append("</tr></thead><tbody>\n");
    for (List<String> row : rows) {
      out.append("<tr>");
      cells("td", row);
      out.append("</tr>\n");
    }
    out.append("</tbody></table></div>\n");
    return this;
  }

  private void cells(String tag, List<String> cells) {
    for (int i = 0; i < cells.size(); i++) {
      out.append('<').append(tag).append(i == 0 ? ">" : " class=\"n\">");
      out.append(escape(cells.get(i))).append("</").append(tag).append('>');
    }
  }

  /** Markup that is right already, such as a chart. */
  public Html raw(String markup) {
    out.append(markup).append('\n');
    return this;
  }

  /** The whole page. */
  public String end() {
    return out + "</body></html>\n";
  }

  /** Text as markup. */
  public static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** A number with so many decimals, or a dash for none. */
  public static String number(double value, int digits) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%." + digits + "f", value) : "–";
  }
}
