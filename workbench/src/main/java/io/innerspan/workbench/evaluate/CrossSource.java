package io.innerspan.workbench.evaluate;

import io.innerspan.workbench.stats.Auroc;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Each source of the data tested by what all others teach: cues of a style do not travel. */
final class CrossSource {
  /**
   * A source that was left out of learning.
   *
   * @param source its name
   * @param rows its rows
   * @param positives those of them that are positive
   * @param probe the pack's AUROC on it; null when it has one label only
   * @param refit the AUROC of a logistic probe at the same place that the other sources teach; null
   *     also when they have one label only
   * @param baselines AUROC by baseline, learnt from the other sources
   */
  record Source(
      String source,
      int rows,
      int positives,
      @Nullable Double probe,
      @Nullable Double refit,
      Map<String, Double> baselines) {}

  static List<Source> of(Sample test, Map<String, List<Integer>> rowsBySource, long seed) {
    List<Source> sources = new ArrayList<>();
    rowsBySource.forEach(
        (name, of) -> {
          int[] own = of.stream().mapToInt(Integer::intValue).toArray();
          int[] rest = IntStream.range(0, test.size()).filter(row -> !of.contains(row)).toArray();
          sources.add(source(name, test.at(rest), test.at(own), seed));
        });
    return sources;
  }

  private static Source source(String name, Sample others, Sample own, long seed) {
    int positives = own.count(true);
    if (positives == 0 || positives == own.size()) {
      return new Source(name, own.size(), positives, null, null, Map.of());
    }
    double probe = Auroc.of(own.logits(), own.positive());
    if (others.count(true) == 0 || others.count(false) == 0) {
      return new Source(name, own.size(), positives, probe, null, Map.of());
    }
    Map<String, Double> baselines = new LinkedHashMap<>();
    for (Baseline baseline : Baselines.ALL) {
      if (baseline.applies(own)) {
        double[] scores = baseline.scores(others, own, seed);
        baselines.put(baseline.key(), Auroc.of(scores, own.positive()));
      }
    }
    double refit = Auroc.of(LayerCurve.logistic(others, own, seed), own.positive());
    return new Source(name, own.size(), positives, probe, refit, baselines);
  }

  private CrossSource() {}
}
