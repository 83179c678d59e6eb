package io.innerspan.workbench.html;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Charts as SVG within a page, drawn by XChart without a display. */
final class Charts {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 320;

  static {
    // Nothing is shown; a server has no display.
    System.setProperty("java.awt.headless", "true");
  }

  /** A line. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Line(String name, double[] x, double[] y) {}

  /** Lines over one axis. */
  static String lines(String title, String x, String y, List<Line> lines) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .theme(Styler.ChartTheme.XChart)
            .build();
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    for (Line line : lines) {
      chart.addSeries(line.name(), line.x(), line.y()).setMarker(SeriesMarkers.NONE);
    }
    return svg(chart);
  }

  /** Bars, one group for each category. */
  static String bars(
      String title, String x, String y, List<String> categories, Map<String, List<Double>> series) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .theme(Styler.ChartTheme.XChart)
            .build();
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    chart.getStyler().setLegendVisible(series.size() > 1);
    series.forEach((name, values) -> chart.addSeries(name, categories, values));
    return svg(chart);
  }

  private static String svg(Chart<?, ?> chart) {
    chart.getStyler().setChartBackgroundColor(java.awt.Color.WHITE);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      VectorGraphicsEncoder.saveVectorGraphic(chart, bytes, VectorGraphicsFormat.SVG);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail to be written", e);
    }
    String text = bytes.toString(StandardCharsets.UTF_8);
    // Within a page neither the declaration nor the document type, which names a site, has a place.
    return text.substring(text.indexOf("<svg"));
  }

  private Charts() {}
}
