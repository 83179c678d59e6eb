package io.innerspan.workbench.html;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.internal.chartpart.Chart;

/** A chart as markup within a page: in the page's colours, and short. */
final class Svg {
  private static final Pattern LINE =
      Pattern.compile(
          "<line style=\"([^\"]+)\" x1=\"([^\"]+)\" x2=\"([^\"]+)\" y1=\"([^\"]+)\" y2=\"([^\"]+)\"/>\\s*");

  private static final Pattern DECIMALS = Pattern.compile("(-?[0-9]+\\.[0-9]{3,})(E-[0-9]+)?");
  private static final Pattern CLIP = Pattern.compile("clip-?[0-9]+");
  private static final Pattern HEAD = Pattern.compile("<svg [^>]*>");

  static String of(Chart<?, ?> chart) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      VectorGraphicsEncoder.saveVectorGraphic(chart, bytes, VectorGraphicsFormat.SVG);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail to be written", e);
    }
    String text = bytes.toString(StandardCharsets.UTF_8);
    // Within a page neither the declaration nor the document type, which names a site, has a place.
    String drawn = joined(rounded(text.substring(text.indexOf("<svg"))));
    String body = themed(HEAD.matcher(drawn).replaceFirst(""));
    return String.format(
            Locale.ROOT,
            "<svg role=\"img\" aria-label=\"%s\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\">",
            Html.escape(chart.getTitle()),
            chart.getWidth(),
            chart.getHeight(),
            chart.getWidth(),
            chart.getHeight())
        + clips(body);
  }

  /** A hundredth of a pixel cannot be seen. */
  private static String rounded(String text) {
    return DECIMALS
        .matcher(text)
        .replaceAll(
            found ->
                String.format(Locale.ROOT, "%.2f", Double.parseDouble(found.group()))
                    .replaceAll("\\.?0+$", ""));
  }

  /** Lines that go on where another ends become one. */
  private static String joined(String text) {
    StringBuilder out = new StringBuilder();
    Matcher line = LINE.matcher(text);
    String style = "";
    String end = "";
    int at = 0;
    while (line.find()) {
      boolean follows = line.start() == at && line.group(1).equals(style);
      String begin = line.group(2) + "," + line.group(4);
      if (!follows || !begin.equals(end)) {
        out.append(end.isEmpty() ? "" : "\"/>\n").append(text, at, line.start());
        style = line.group(1);
        out.append("<polyline style=\"").append(style).append("\" points=\"").append(begin);
      }
      end = line.group(3) + "," + line.group(5);
      out.append(' ').append(end);
      at = line.end();
    }
    return out.append(end.isEmpty() ? "" : "\"/>\n").append(text, at, text.length()).toString();
  }

  private static String themed(String text) {
    return text.replace("rgb(1,2,3)", "var(--ink)").replace("rgb(3,2,1)", "var(--line)");
  }

  /** Names that no other chart of the page has, and the same each time. */
  private static String clips(String text) {
    String name = "clip-" + Integer.toHexString(CLIP.matcher(text).replaceAll("").hashCode());
    return CLIP.matcher(text).replaceAll(name);
  }

  private Svg() {}
}
