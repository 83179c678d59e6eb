package io.innerspan.workbench.features;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The strongest of many neighbours, without keeping the others; of equals the one first by index.
 */
final class Strongest {
  private static final Comparator<Neighbour> WEAKEST =
      Comparator.comparingDouble(Neighbour::strength)
          .thenComparing(Comparator.comparingInt(Neighbour::feature).reversed());

  private final int most;
  private final PriorityQueue<Neighbour> kept = new PriorityQueue<>(WEAKEST);

  Strongest(int most) {
    this.most = most;
  }

  void offer(int feature, double strength) {
    Neighbour weakest = kept.size() < most ? null : kept.peek();
    if (weakest != null && strength < weakest.strength()) {
      return;
    }
    kept.add(new Neighbour(feature, strength));
    if (kept.size() > most) {
      kept.poll();
    }
  }

  /** The strongest first. */
  List<Neighbour> list() {
    List<Neighbour> sorted = new ArrayList<>(kept);
    sorted.sort(WEAKEST.reversed());
    return List.copyOf(sorted);
  }
}
