package io.innerspan.benchmarks;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A line chart with logarithmic axes.
 *
 * @param title above it
 * @param horizontal what the horizontal axis says, with its unit
 * @param lines of positive values
 */
record LineChart(String title, String horizontal, List<Line> lines) {
  private static final int LEFT = 70;
  private static final int TOP = 44;
  private static final int BOTTOM = 52;
  private static final int RIGHT = 18;
  private static final float[] DASHES = {7, 5};

  /** A point of a line. */
  record Point(double x, double y) {}

  /**
   * A line with its place in the legend.
   *
   * @param dashed whether it is a baseline
   */
  record Line(String name, Color color, boolean dashed, List<Point> points) {}

  /** An axis from a value to another, in powers of ten, on pixels. */
  private record Axis(double from, double to, int start, int end) {
    int at(double value) {
      double part = (Math.log10(value) - Math.log10(from)) / (Math.log10(to) - Math.log10(from));
      return (int) Math.round(start + part * (end - start));
    }
  }

  void draw(Graphics2D out, Rectangle area) {
    int bottom = area.y + area.height - BOTTOM;
    int right = area.x + area.width - RIGHT;
    Axis x = axis(Point::x, area.x + LEFT, right);
    Axis y = axis(Point::y, bottom, area.y + TOP);
    out.setColor(Color.BLACK);
    out.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 15));
    out.drawString(title, area.x + LEFT, area.y + 24);
    out.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    for (double tick = x.from(); tick <= x.to() * 1.01; tick *= 10) {
      grid(out, x.at(tick), area.y + TOP, x.at(tick), bottom);
      centred(out, label(tick), x.at(tick), bottom + 17);
    }
    for (double tick = y.from(); tick <= y.to() * 1.01; tick *= 10) {
      grid(out, area.x + LEFT, y.at(tick), right, y.at(tick));
      String label = label(tick);
      int width = out.getFontMetrics().stringWidth(label);
      out.drawString(label, area.x + LEFT - 8 - width, y.at(tick) + 4);
    }
    centred(out, horizontal, (area.x + LEFT + right) / 2, bottom + 38);
    for (int i = 0; i < lines.size(); i++) {
      draw(out, lines.get(i), x, y);
      legend(out, lines.get(i), area.x + LEFT + 12, area.y + TOP + 16 + 18 * i);
    }
  }

  private static void draw(Graphics2D out, Line line, Axis x, Axis y) {
    out.setColor(line.color());
    Point last = null;
    for (Point point : line.points()) {
      if (last != null) {
        out.setStroke(stroke(line));
        out.draw(
            new Line2D.Double(x.at(last.x()), y.at(last.y()), x.at(point.x()), y.at(point.y())));
      }
      out.fill(new Ellipse2D.Double(x.at(point.x()) - 3, y.at(point.y()) - 3, 6, 6));
      last = point;
    }
  }

  private static void legend(Graphics2D out, Line line, int x, int y) {
    out.setColor(line.color());
    out.setStroke(stroke(line));
    out.draw(new Line2D.Double(x, y - 4, x + 34, y - 4));
    out.setColor(Color.BLACK);
    out.drawString(line.name(), x + 42, y);
  }

  private static BasicStroke stroke(Line line) {
    return line.dashed()
        ? new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, DASHES, 0)
        : new BasicStroke(2);
  }

  private static void grid(Graphics2D out, int x1, int y1, int x2, int y2) {
    out.setColor(new Color(0xdd, 0xdd, 0xdd));
    out.setStroke(new BasicStroke(1));
    out.drawLine(x1, y1, x2, y2);
    out.setColor(Color.BLACK);
  }

  private static void centred(Graphics2D out, String text, int x, int y) {
    out.drawString(text, x - out.getFontMetrics().stringWidth(text) / 2, y);
  }

  /** From the power of ten at or below the least value to the one at or above the greatest. */
  private Axis axis(ToDoubleFunction<Point> coordinate, int start, int end) {
    double[] values =
        lines.stream().flatMap(l -> l.points().stream()).mapToDouble(coordinate).toArray();
    double least = Samples.percentile(values, 0);
    double greatest = Samples.percentile(values, 100);
    double from = Math.pow(10, Math.floor(Math.log10(least)));
    double to = Math.pow(10, Math.ceil(Math.log10(greatest)));
    return new Axis(from, to > from ? to : from * 10, start, end);
  }

  private static String label(double value) {
    return String.format(Locale.ROOT, value < 1 ? "%.1f" : "%,.0f", value);
  }
}
