package io.innerspan.workbench.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Deals rows into folds, groups whole: the largest group first, each to the fold that lacks most of
 * what it brings; groups of equal size in an order drawn from the seed.
 */
public final class Folds {
  /**
   * The fold of each row.
   *
   * @param groups by row
   * @param positive by row
   * @param folds how many, at least 2
   */
  public static int[] of(List<String> groups, boolean[] positive, int folds, long seed) {
    Map<String, List<Integer>> members = new LinkedHashMap<>();
    for (int i = 0; i < groups.size(); i++) {
      members.computeIfAbsent(groups.get(i), group -> new ArrayList<>()).add(i);
    }
    List<List<Integer>> dealt = new ArrayList<>(members.values());
    Collections.shuffle(dealt, new Random(seed));
    dealt.sort(Comparator.comparingInt((List<Integer> group) -> group.size()).reversed());
    int[][] filled = new int[folds][2];
    int[] foldOf = new int[groups.size()];
    for (List<Integer> group : dealt) {
      int[] brings = new int[2];
      group.forEach(row -> brings[positive[row] ? 1 : 0]++);
      int fold = emptiest(filled, brings);
      filled[fold][0] += brings[0];
      filled[fold][1] += brings[1];
      group.forEach(row -> foldOf[row] = fold);
    }
    return foldOf;
  }

  /** The number of groups that hold a row of the label. */
  public static long groups(List<String> groups, boolean[] positive, boolean label) {
    return IntStream.range(0, positive.length)
        .filter(row -> positive[row] == label)
        .mapToObj(groups::get)
        .distinct()
        .count();
  }

  private static int emptiest(int[][] filled, int[] brings) {
    int best = 0;
    long least = Long.MAX_VALUE;
    for (int fold = 0; fold < filled.length; fold++) {
      long full = (long) filled[fold][0] * brings[0] + (long) filled[fold][1] * brings[1];
      if (full < least) {
        least = full;
        best = fold;
      }
    }
    return best;
  }

  private Folds() {}
}
