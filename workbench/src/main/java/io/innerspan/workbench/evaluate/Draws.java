package io.innerspan.workbench.evaluate;

import io.innerspan.workbench.stats.Auroc;
import io.innerspan.workbench.stats.AveragePrecision;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What a baseline does with each of its seeds, and in the mean over them. */
final class Draws {
  private record Draw(double[] scores, Auroc auroc, AveragePrecision precision, double area) {}

  private final List<Draw> draws;

  private Draws(List<Draw> draws) {
    this.draws = List.copyOf(draws);
  }

  static Draws of(Baseline baseline, Learning learning, boolean[] positive) {
    List<Draw> draws = new ArrayList<>();
    for (int d = 0; d < baseline.draws(); d++) {
      int draw = d;
      double[] scores =
          learning.comparable(
              learning.scores((train, test, seed) -> baseline.scores(train, test, seed + draw)));
      draws.add(
          new Draw(
              scores,
              new Auroc(scores, positive),
              new AveragePrecision(scores, positive),
              Auroc.of(scores, positive)));
    }
    return new Draws(draws);
  }

  /** The mean AUROC when row i counts {@code times[i]} times. */
  double auroc(int[] times) {
    return mean(draw -> draw.auroc().weighted(times));
  }

  /** The mean average precision when row i counts {@code times[i]} times. */
  double precision(int[] times) {
    return mean(draw -> draw.precision().weighted(times));
  }

  /** The AUROC of each draw. */
  List<Double> aurocs() {
    return draws.stream().map(Draw::area).toList();
  }

  /** The scores of the draw whose AUROC is the median. */
  double[] middle() {
    return IntStream.range(0, draws.size())
        .boxed()
        .sorted(Comparator.comparingDouble(d -> draws.get(d).area()))
        .skip(draws.size() / 2)
        .map(d -> draws.get(d).scores())
        .findFirst()
        .orElseThrow();
  }

  private double mean(ToDoubleFunction<Draw> number) {
    return draws.stream().mapToDouble(number).sum() / draws.size();
  }
}
