package io.innerspan.workbench.html;

import java.awt.Color;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Charts as SVG within a page, drawn by XChart without a display, in the page's own colours. */
public final class Charts {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 320;

  /** Of a chart whose axes are both shares, and with a legend beside it. */
  private static final int SQUARE = 390;

  private static final int LEGEND_WIDTH = 600;
  private static final int MOST_TICKS = 12;
  private static final int ROW_HEIGHT = 30;

  static {
    // Nothing is shown; a server has no display.
    System.setProperty("java.awt.headless", "true");
  }

  /** A line; both arrays have as many numbers. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Line(String name, double[] x, double[] y) {}

  /** A value between its bounds. */
  public record Range(String name, double low, double value, double high) {}

  /** Lines over one axis, at least one. */
  public static String lines(String title, String x, String y, List<Line> lines) {
    XYChart chart = xy(title, x, y, WIDTH, HEIGHT);
    Line first = lines.get(0);
    if (first.x().length > MOST_TICKS) {
      // XChart puts ticks at data that are equally spaced; these are not, and its own are round.
      double from = first.x()[0];
      double to = first.x()[first.x().length - 1];
      double[] same = {first.y()[0], first.y()[0], first.y()[0]};
      double[] places = {from, from + 0.1 * (to - from), to};
      add(chart, new Line("frame", places, same)).setLineColor(Theme.NONE).setShowInLegend(false);
    }
    for (int i = 0; i < lines.size(); i++) {
      add(chart, lines.get(i)).setLineColor(Theme.SERIES[i % Theme.SERIES.length]);
    }
    return Svg.of(chart);
  }

  /**
   * Lines between 0 and 1 on both axes.
   *
   * @param diagonal the name of the line from (0, 0) to (1, 1), or empty for none
   * @param dots whether the lines' points are marked
   * @param legend whether the lines' names are told
   */
  public static String shares(
      String title,
      String x,
      String y,
      List<Line> lines,
      String diagonal,
      boolean dots,
      boolean legend) {
    XYChart chart = xy(title, x, y, legend ? LEGEND_WIDTH : SQUARE, SQUARE);
    chart.getStyler().setLegendVisible(legend);
    chart.getStyler().setXAxisMin(0.0).setXAxisMax(1.0).setYAxisMin(0.0).setYAxisMax(1.0);
    // XChart puts ticks at data that are equally spaced; these are not.
    double[] ends = {0, 0.1, 1};
    XYSeries frame = add(chart, new Line(diagonal.isEmpty() ? "frame" : diagonal, ends, ends));
    frame.setLineColor(diagonal.isEmpty() ? Theme.NONE : Theme.INK);
    frame.setLineStyle(SeriesLines.DASH_DASH).setLineWidth(1);
    frame.setShowInLegend(!diagonal.isEmpty());
    for (Line line : lines) {
      XYSeries series = add(chart, line);
      series.setLineColor(Theme.SERIES[lines.indexOf(line) % Theme.SERIES.length]);
      if (dots) {
        series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(series.getLineColor());
      }
    }
    return Svg.of(chart);
  }

  /** Ranges below one another, the first on top, with an upright line. */
  public static String ranges(String title, String x, List<Range> ranges, double upright) {
    int rows = ranges.size();
    XYChart chart = xy(title, x, "", WIDTH, 110 + ROW_HEIGHT * rows);
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setPlotGridHorizontalLinesVisible(false);
    chart
        .getStyler()
        .setyAxisTickLabelsFormattingFunction(
            at -> {
              int row = rows - 1 - (int) Math.round(at);
              // XChart widens its steps until no two labels are the same.
              return row < 0 ? " " : row < rows ? ranges.get(row).name() : "  ";
            });
    // The first series; XChart puts ticks at its equally spaced numbers.
    double[] places = IntStream.rangeClosed(-1, rows).asDoubleStream().toArray();
    double[] same = new double[places.length];
    Arrays.fill(same, upright);
    add(chart, new Line("upright", same, places))
        .setLineColor(Theme.INK)
        .setLineStyle(SeriesLines.DASH_DASH)
        .setLineWidth(1);
    for (int row = 0; row < rows; row++) {
      Range range = ranges.get(row);
      double at = rows - 1.0 - row;
      double low = Double.isFinite(range.low()) ? range.low() : range.value();
      double high = Double.isFinite(range.high()) ? range.high() : range.value();
      Color colour = Theme.SERIES[row == 0 ? 0 : 1];
      add(chart, new Line(row + " interval", new double[] {low, high}, new double[] {at, at}))
          .setLineColor(colour)
          .setLineWidth(3);
      XYSeries dot =
          add(chart, new Line(row + " value", new double[] {range.value()}, new double[] {at}));
      dot.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(colour);
      dot.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    }
    return Svg.of(chart);
  }

  /** Bars, one group for each category. */
  public static String bars(
      String title, String x, String y, List<String> categories, Map<String, List<Double>> series) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .build();
    Theme.apply(chart.getStyler());
    chart.getStyler().setAvailableSpaceFill(0.7);
    chart.getStyler().setLegendVisible(series.size() > 1);
    series.forEach((name, values) -> chart.addSeries(name, categories, values));
    return Svg.of(chart);
  }

  private static XYChart xy(String title, String x, String y, int width, int height) {
    XYChart chart =
        new XYChartBuilder()
            .width(width)
            .height(height)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .build();
    Theme.apply(chart.getStyler());
    return chart;
  }

  private static XYSeries add(XYChart chart, Line line) {
    XYSeries series = chart.addSeries(line.name(), line.x(), line.y());
    series.setMarker(SeriesMarkers.NONE);
    return series;
  }

  private Charts() {}
}
