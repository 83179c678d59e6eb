package io.innerspan.workbench.stats;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * Resamples whole groups with replacement, so that intervals do not take the many texts of one
 * template for independent ones. Every statistic sees the same resamples: differences are paired.
 */
public final class GroupBootstrap {
  /** Resamples per interval. */
  public static final int RESAMPLES = 2000;

  private final int rows;
  private final int[][] resamples;

  /**
   * @param groupOfRow each row's group
   * @param seed of the resampling
   */
  public GroupBootstrap(List<String> groupOfRow, long seed) {
    rows = groupOfRow.size();
    Map<String, Integer> numbers = new HashMap<>();
    int[] group = new int[rows];
    for (int i = 0; i < rows; i++) {
      Integer known = numbers.putIfAbsent(groupOfRow.get(i), numbers.size());
      group[i] = known == null ? numbers.size() - 1 : known;
    }
    Random random = new Random(seed);
    resamples = new int[RESAMPLES][rows];
    for (int[] times : resamples) {
      int[] drawn = new int[numbers.size()];
      for (int d = 0; d < drawn.length; d++) {
        drawn[random.nextInt(drawn.length)]++;
      }
      for (int i = 0; i < rows; i++) {
        times[i] = drawn[group[i]];
      }
    }
  }

  /** The interval of a statistic; it is given how many times each row counts. */
  public Interval interval(ToDoubleFunction<int[]> statistic) {
    int[] once = new int[rows];
    Arrays.fill(once, 1);
    double[] resampled = new double[resamples.length];
    for (int r = 0; r < resampled.length; r++) {
      resampled[r] = statistic.applyAsDouble(resamples[r]);
    }
    return Interval.of(statistic.applyAsDouble(once), resampled);
  }
}
