package io.innerspan.workbench.stats;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Resamples whole groups with replacement, so that intervals do not take the many texts of one
 * template for independent ones. Every statistic sees the same resamples: differences are paired.
 * Memory does not grow with resamples × rows.
 */
public final class GroupBootstrap {
  /** Resamples per interval. */
  public static final int RESAMPLES = 2000;

  /** Drawn counts that are kept between intervals; more are drawn anew by the seed. */
  private static final long MOST_KEPT = 1 << 24;

  private final int[] group;
  private final int groups;
  private final long seed;
  private final int @Nullable [][] kept;

  /**
   * @param groupOfRow each row's group
   * @param seed of the resampling
   */
  public GroupBootstrap(List<String> groupOfRow, long seed) {
    this(groupOfRow, seed, MOST_KEPT);
  }

  GroupBootstrap(List<String> groupOfRow, long seed, long mostKept) {
    this.seed = seed;
    Map<String, Integer> numbers = new HashMap<>();
    group = new int[groupOfRow.size()];
    for (int i = 0; i < group.length; i++) {
      Integer known = numbers.putIfAbsent(groupOfRow.get(i), numbers.size());
      group[i] = known == null ? numbers.size() - 1 : known;
    }
    groups = numbers.size();
    kept = (long) RESAMPLES * groups <= mostKept ? kept() : null;
  }

  private int[][] kept() {
    Random random = new Random(seed);
    int[][] all = new int[RESAMPLES][groups];
    for (int[] drawn : all) {
      draw(random, drawn);
    }
    return all;
  }

  /** How many times each group is drawn. */
  private static void draw(Random random, int[] drawn) {
    Arrays.fill(drawn, 0);
    for (int d = 0; d < drawn.length; d++) {
      drawn[random.nextInt(drawn.length)]++;
    }
  }

  /** The interval of a statistic; it is given how many times each row counts. */
  public Interval interval(ToDoubleFunction<int[]> statistic) {
    int[] times = new int[group.length];
    double[] resampled = new double[RESAMPLES];
    Random random = new Random(seed);
    int[] drawn = new int[groups];
    for (int r = 0; r < resampled.length; r++) {
      if (kept == null) {
        draw(random, drawn);
      } else {
        drawn = kept[r];
      }
      for (int i = 0; i < times.length; i++) {
        times[i] = drawn[group[i]];
      }
      resampled[r] = statistic.applyAsDouble(times);
    }
    Arrays.fill(times, 1);
    return Interval.of(statistic.applyAsDouble(times), resampled);
  }
}
