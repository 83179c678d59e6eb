package io.innerspan.workbench.features;

import io.innerspan.workbench.sae.DictionaryMatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How two versions differ. A feature is the same when its id is; else it has moved to the feature
 * whose decoder row is nearest, if that one's nearest is it in turn and their cosine is large
 * enough; else it is gone, or new.
 *
 * @param same features with equal ids
 * @param moved features that were matched by cosine
 * @param gone indices of the first that have no match
 * @param added indices of the second that have no match
 */
public record FeatureDiff(
    List<Match> same, List<Match> moved, List<Integer> gone, List<Integer> added) {
  /** A feature in both versions. */
  public record Match(int first, int second, double cosine) {}

  public FeatureDiff {
    same = List.copyOf(same);
    moved = List.copyOf(moved);
    gone = List.copyOf(gone);
    added = List.copyOf(added);
  }

  /**
   * Matches.
   *
   * @param first ids by index
   * @param firstDecoder {@code [features, width]}
   * @param least the cosine that a match needs
   */
  public static FeatureDiff of(
      List<String> first,
      float[] firstDecoder,
      List<String> second,
      float[] secondDecoder,
      int width,
      double least) {
    int[] matched = new int[first.size()];
    boolean[] taken = new boolean[second.size()];
    List<Match> same = sameIds(first, second, matched, taken);
    DictionaryMatch there = DictionaryMatch.of(firstDecoder, secondDecoder, width);
    DictionaryMatch back = DictionaryMatch.of(secondDecoder, firstDecoder, width);
    List<Match> moved = new ArrayList<>();
    List<Integer> gone = new ArrayList<>();
    for (int f = 0; f < matched.length; f++) {
      int other = there.nearest()[f];
      boolean mutual = back.nearest()[other] == f && !taken[other];
      if (matched[f] < 0 && mutual && there.cosine()[f] >= least) {
        taken[other] = true;
        moved.add(new Match(f, other, there.cosine()[f]));
      } else if (matched[f] < 0) {
        gone.add(f);
      }
    }
    List<Integer> added = new ArrayList<>();
    for (int f = 0; f < taken.length; f++) {
      if (!taken[f]) {
        added.add(f);
      }
    }
    return new FeatureDiff(same, moved, gone, added);
  }

  private static List<Match> sameIds(
      List<String> first, List<String> second, int[] matched, boolean[] taken) {
    Map<String, List<Integer>> places = new HashMap<>();
    for (int f = 0; f < second.size(); f++) {
      places.computeIfAbsent(second.get(f), id -> new ArrayList<>()).add(f);
    }
    List<Match> same = new ArrayList<>();
    for (int f = 0; f < matched.length; f++) {
      List<Integer> free = places.getOrDefault(first.get(f), List.of());
      matched[f] = free.isEmpty() ? -1 : free.remove(0);
      if (matched[f] >= 0) {
        taken[matched[f]] = true;
        same.add(new Match(f, matched[f], 1));
      }
    }
    return same;
  }
}
