package io.innerspan.benchmarks;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import javax.imageio.ImageIO;

/** Draws how what opening a session costs grows with the model and with the signals. */
final class CreationChart {
  private static final int WIDTH = 620;
  private static final int HEIGHT = 440;
  private static final List<String> MODES = List.of("path", "bytes", "buffer");
  private static final List<Color> COLORS =
      List.of(new Color(0x1f77b4), new Color(0xd62728), new Color(0x2ca02c));

  static void write(List<CreationCell> cells, Path file) throws IOException {
    List<LineChart> charts =
        List.of(
            bySize(cells, "Time to open a session, ms", CreationSample::millis),
            bySize(cells, "Peak resident memory until it is open, MB", CreationSample::peak),
            bySignals(cells));
    BufferedImage image =
        new BufferedImage(WIDTH * charts.size(), HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D out = image.createGraphics();
    out.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    out.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    out.setColor(Color.WHITE);
    out.fillRect(0, 0, image.getWidth(), image.getHeight());
    for (int i = 0; i < charts.size(); i++) {
      charts.get(i).draw(out, new Rectangle(WIDTH * i, 0, WIDTH, HEIGHT));
    }
    out.dispose();
    ImageIO.write(image, "png", new File(file.toString()));
  }

  private static LineChart bySize(
      List<CreationCell> cells, String title, ToDoubleFunction<CreationSample> quantity) {
    List<LineChart.Line> lines = new ArrayList<>();
    for (int i = 0; i < MODES.size(); i++) {
      String mode = MODES.get(i);
      Predicate<CreationCell> kept =
          cell ->
              cell.what().mode().equals(mode)
                  && cell.what().probes() == CreationPlan.PROBES
                  && cell.what().onnxRuntime().equals(CreationPlan.NEWEST);
      lines.add(
          line(
              mode + ", plain agent",
              COLORS.get(i),
              true,
              cells,
              kept,
              cell -> point(cell.what().model().megabytes(), cell.plain(quantity))));
      lines.add(
          line(
              mode + ", Innerspan",
              COLORS.get(i),
              false,
              cells,
              kept,
              cell -> point(cell.what().model().megabytes(), cell.ours(quantity))));
    }
    return new LineChart(title, "model, MB", lines);
  }

  private static LineChart bySignals(List<CreationCell> cells) {
    Predicate<CreationCell> kept =
        cell ->
            cell.what().mode().equals("path")
                && cell.what().model().megabytes() == CreationPlan.SIGNALS_MEGABYTES
                && cell.what().onnxRuntime().equals(CreationPlan.NEWEST);
    List<CreationCell> sorted =
        cells.stream().sorted(Comparator.comparingInt(cell -> cell.what().probes())).toList();
    return new LineChart(
        CreationPlan.SIGNALS_MEGABYTES + " MB by path: time (ms) and peak memory (MB)",
        "probes",
        List.of(
            line("time, plain agent", COLORS.get(0), true, sorted, kept, at(false, true)),
            line("time, Innerspan", COLORS.get(0), false, sorted, kept, at(true, true)),
            line("memory, plain agent", COLORS.get(1), true, sorted, kept, at(false, false)),
            line("memory, Innerspan", COLORS.get(1), false, sorted, kept, at(true, false))));
  }

  private static Function<CreationCell, LineChart.Point> at(boolean ours, boolean time) {
    return cell -> {
      ToDoubleFunction<CreationSample> quantity =
          time ? CreationSample::millis : CreationSample::peak;
      return point(cell.what().probes(), ours ? cell.ours(quantity) : cell.plain(quantity));
    };
  }

  private static LineChart.Point point(double x, Estimate y) {
    return new LineChart.Point(x, y.value());
  }

  private static LineChart.Line line(
      String name,
      Color color,
      boolean dashed,
      List<CreationCell> cells,
      Predicate<CreationCell> kept,
      Function<CreationCell, LineChart.Point> point) {
    return new LineChart.Line(name, color, dashed, cells.stream().filter(kept).map(point).toList());
  }

  private CreationChart() {}
}
