package io.innerspan.workbench.html;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.lines.SeriesLines;

/**
 * How charts look. What must differ between a light and a dark page has a colour of its own here,
 * which {@link Svg} turns into a variable of the page; series have colours that both bear.
 */
final class Theme {
  /** Text and axes. */
  static final Color INK = new Color(1, 2, 3);

  /** Lines behind the series. */
  static final Color GRID = new Color(3, 2, 1);

  /** Nothing is painted. */
  static final Color NONE = new Color(255, 255, 255, 0);

  /** Okabe and Ito's colours, which colour-blind people tell apart; the probe comes first. */
  static final Color[] SERIES = {
    new Color(30, 130, 200),
    new Color(230, 159, 0),
    new Color(0, 158, 115),
    new Color(213, 94, 0),
    new Color(204, 121, 167),
    new Color(86, 180, 233),
    new Color(140, 140, 140),
    new Color(160, 130, 30),
    new Color(130, 100, 190),
    new Color(190, 60, 60)
  };

  static void apply(AxesChartStyler styler) {
    styler.setChartBackgroundColor(NONE);
    styler.setPlotBackgroundColor(NONE);
    styler.setLegendBackgroundColor(NONE);
    styler.setPlotBorderVisible(false);
    styler.setLegendBorderColor(NONE);
    styler.setChartFontColor(INK);
    styler.setAxisTickLabelsColor(INK);
    styler.setAxisTickMarksColor(INK);
    styler.setPlotGridLinesColor(GRID);
    styler.setPlotGridLinesStroke(new BasicStroke(1));
    styler.setSeriesColors(SERIES);
    styler.setSeriesLines(new BasicStroke[] {SeriesLines.SOLID});
    styler.setLegendPosition(Styler.LegendPosition.OutsideE);
    styler.setChartTitleBoxVisible(false);
    styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
    styler.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    styler.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    styler.setLocale(java.util.Locale.ROOT);
  }

  private Theme() {}
}
