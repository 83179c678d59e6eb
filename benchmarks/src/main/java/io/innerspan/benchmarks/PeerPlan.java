package io.innerspan.benchmarks;

import io.innerspan.benchmarks.OverheadPlan.Rounds;
import java.util.List;

/**
 * How much is measured.
 *
 * @param shapes what is measured in each generation
 * @param generations how often all processes are started anew
 */
record PeerPlan(List<Rounds> shapes, int generations) {
  static final PeerPlan FULL =
      new PeerPlan(
          List.of(
              new Rounds(new Shape(1, 16), 60, 10),
              new Rounds(new Shape(1, 128), 100, 5),
              new Rounds(new Shape(8, 128), 12, 3)),
          2);

  /** Two shapes, within three minutes. */
  static final PeerPlan QUICK =
      new PeerPlan(
          List.of(new Rounds(new Shape(1, 16), 12, 10), new Rounds(new Shape(1, 128), 14, 5)), 1);
}
