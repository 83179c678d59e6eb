package io.innerspan.workbench.features;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which features are active on the same tokens: by the share of tokens with both among those with
 * either, on at most {@value #SAMPLE} tokens, evenly taken.
 *
 * <p>Clusters are chained: where a is active with b and b with c, all three are of one cluster,
 * whether or not a is active with c.
 */
final class Coactivation {
  static final int SAMPLE = 200_000;
  private static final int MOST = 5;
  private static final double LEAST = 0.05;

  private final int features;
  private final List<int[]> tokens = new ArrayList<>();

  Coactivation(int features) {
    this.features = features;
  }

  /** Adds one token's active features. */
  void add(int[] active) {
    tokens.add(active);
  }

  /**
   * The strongest partners of each feature.
   *
   * @param clusterAt from which share on two features are of one cluster
   * @param clusters gets the least index of each feature's cluster
   */
  List<List<Neighbour>> partners(double clusterAt, int[] clusters) {
    int[] counts = new int[features];
    for (int[] active : tokens) {
      for (int feature : active) {
        counts[feature]++;
      }
    }
    int[][] where = new int[features][];
    for (int f = 0; f < features; f++) {
      where[f] = new int[counts[f]];
    }
    int[] filled = new int[features];
    for (int token = 0; token < tokens.size(); token++) {
      for (int feature : tokens.get(token)) {
        where[feature][filled[feature]++] = token;
      }
    }
    Arrays.setAll(clusters, f -> f);
    List<List<Neighbour>> partners = new ArrayList<>();
    int[] both = new int[features];
    for (int f = 0; f < features; f++) {
      for (int token : where[f]) {
        for (int other : tokens.get(token)) {
          both[other]++;
        }
      }
      Strongest strongest = new Strongest(MOST);
      for (int other = 0; other < features; other++) {
        if (both[other] > 0 && other != f) {
          double share = (double) both[other] / (counts[f] + counts[other] - both[other]);
          if (share >= clusterAt) {
            join(clusters, f, other);
          }
          if (share >= LEAST) {
            strongest.offer(other, share);
          }
        }
      }
      Arrays.fill(both, 0);
      partners.add(strongest.list());
    }
    for (int f = 0; f < features; f++) {
      clusters[f] = root(clusters, f);
    }
    return partners;
  }

  private static void join(int[] clusters, int a, int b) {
    int first = root(clusters, a);
    int second = root(clusters, b);
    clusters[Math.max(first, second)] = Math.min(first, second);
  }

  private static int root(int[] clusters, int feature) {
    int at = feature;
    while (clusters[at] != at) {
      at = clusters[at];
    }
    return at;
  }
}
