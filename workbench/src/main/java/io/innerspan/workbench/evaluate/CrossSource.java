package io.innerspan.workbench.evaluate;

import io.innerspan.workbench.stats.Auroc;
import io.innerspan.workbench.stats.GroupBootstrap;
import io.innerspan.workbench.stats.Interval;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Each source of the data tested by what all others teach: cues of a style do not travel. A group
 * that has rows in the tested source teaches nothing.
 */
final class CrossSource {
  /**
   * A source that was left out of learning. Intervals resample its groups.
   *
   * @param source its name
   * @param rows its rows
   * @param positives those of them that are positive
   * @param taught the rows of other sources that were learnt from
   * @param probe the pack's AUROC on it; null when it has one label only
   * @param refit the AUROC of a logistic probe at the same place that the other sources teach; null
   *     also when they have one label only
   * @param baselines AUROC by baseline, learnt from the other sources
   * @param best the baseline with the greatest AUROC; null without any
   * @param difference the probe's AUROC minus that one's, on paired resamples
   */
  record Source(
      String source,
      int rows,
      int positives,
      int taught,
      @Nullable Interval probe,
      @Nullable Interval refit,
      Map<String, Interval> baselines,
      @Nullable String best,
      @Nullable Interval difference) {}

  static List<Source> of(Sample test, Map<String, List<Integer>> rowsBySource, long seed) {
    List<Source> sources = new ArrayList<>();
    List<String> groups = test.groups();
    rowsBySource.forEach(
        (name, of) -> {
          int[] own = of.stream().mapToInt(Integer::intValue).toArray();
          Set<String> tested = new HashSet<>();
          of.forEach(row -> tested.add(groups.get(row)));
          int[] rest =
              IntStream.range(0, test.size())
                  .filter(row -> !tested.contains(groups.get(row)))
                  .toArray();
          sources.add(source(name, test.at(rest), test.at(own), seed));
        });
    return sources;
  }

  private static Source source(String name, Sample others, Sample own, long seed) {
    int positives = own.count(true);
    if (positives == 0 || positives == own.size()) {
      return new Source(
          name, own.size(), positives, others.size(), null, null, Map.of(), null, null);
    }
    GroupBootstrap bootstrap = new GroupBootstrap(own.groups(), seed);
    Auroc auroc = new Auroc(own.logits(), own.positive());
    Interval probe = bootstrap.interval(auroc::weighted);
    if (others.count(true) == 0 || others.count(false) == 0) {
      return new Source(
          name, own.size(), positives, others.size(), probe, null, Map.of(), null, null);
    }
    Learning learning = Learning.from(others, own, seed);
    Map<String, Interval> baselines = new LinkedHashMap<>();
    String best = null;
    Interval difference = null;
    double greatest = Double.NEGATIVE_INFINITY;
    for (Baseline baseline : learning.applicable()) {
      Draws draws = Draws.of(baseline, learning, own.positive());
      Interval its = bootstrap.interval(draws::auroc);
      baselines.put(baseline.key(), its);
      if (its.value() > greatest) {
        greatest = its.value();
        best = baseline.key();
        difference = bootstrap.interval(times -> auroc.weighted(times) - draws.auroc(times));
      }
    }
    Auroc refit = new Auroc(learning.scores(LayerCurve::logistic), own.positive());
    return new Source(
        name,
        own.size(),
        positives,
        others.size(),
        probe,
        bootstrap.interval(refit::weighted),
        baselines,
        best,
        difference);
  }

  private CrossSource() {}
}
