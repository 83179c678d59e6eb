package io.innerspan.benchmarks;

import java.util.List;
import java.util.Set;

/**
 * How much is measured.
 *
 * @param configurations what is compared
 * @param shapes what is measured in each generation
 * @param threads numbers of calling threads
 * @param generations how often all JVMs are started anew
 * @param forks JVMs per configuration and cell for what is added in Java; with 0 that is not
 *     measured
 * @param secondsForRounds when no further round is begun once a third of them is done
 */
record OverheadPlan(
    Set<Configuration> configurations,
    List<Rounds> shapes,
    List<Integer> threads,
    int generations,
    int forks,
    int secondsForRounds) {
  /**
   * How much of one shape.
   *
   * @param rounds with one thread; with two, half as many give as many samples
   * @param runs counted inferences per block and calling thread
   */
  record Rounds(Shape shape, int rounds, int runs) {}

  static final OverheadPlan FULL =
      new OverheadPlan(
          Configuration.OF_PROBES,
          List.of(
              new Rounds(new Shape(1, 16), 50, 10),
              new Rounds(new Shape(1, 128), 70, 5),
              new Rounds(new Shape(8, 128), 14, 3)),
          List.of(1, 2),
          3,
          2,
          Integer.MAX_VALUE);

  /** One shape, one thread, and an end within three minutes. */
  static final OverheadPlan QUICK =
      new OverheadPlan(
          Configuration.OF_PROBES,
          List.of(new Rounds(new Shape(1, 128), 45, 5)),
          List.of(1),
          1,
          1,
          130);

  /** Every other signal alone, and all together. */
  static final OverheadPlan SIGNALS =
      new OverheadPlan(
          Configuration.OF_SIGNALS,
          List.of(
              new Rounds(new Shape(1, 16), 40, 10),
              new Rounds(new Shape(1, 128), 40, 5),
              new Rounds(new Shape(8, 128), 10, 3)),
          List.of(1),
          2,
          0,
          Integer.MAX_VALUE);

  static final OverheadPlan SIGNALS_QUICK =
      new OverheadPlan(
          Configuration.OF_SIGNALS,
          List.of(new Rounds(new Shape(1, 16), 12, 10), new Rounds(new Shape(1, 128), 20, 5)),
          List.of(1),
          1,
          0,
          130);

  /** Lenses; with long rows, most of such a model's time goes to answers for every token. */
  static final OverheadPlan LENSES =
      new OverheadPlan(
          Configuration.OF_LENSES,
          List.of(new Rounds(new Shape(1, 16), 40, 10), new Rounds(new Shape(1, 128), 40, 5)),
          List.of(1),
          2,
          0,
          Integer.MAX_VALUE);

  static final OverheadPlan LENSES_QUICK =
      new OverheadPlan(
          Configuration.OF_LENSES,
          List.of(new Rounds(new Shape(1, 16), 12, 10), new Rounds(new Shape(1, 128), 12, 5)),
          List.of(1),
          1,
          0,
          Integer.MAX_VALUE);

  /** All signals as they are by default, often enough for the slowest hundredth. */
  static final OverheadPlan GOVERNED =
      new OverheadPlan(
          Configuration.OF_GOVERNED,
          List.of(
              new Rounds(new Shape(1, 16), 60, 20),
              new Rounds(new Shape(1, 128), 60, 10),
              new Rounds(new Shape(8, 128), 25, 10)),
          List.of(1),
          2,
          0,
          Integer.MAX_VALUE);

  static final OverheadPlan GOVERNED_QUICK =
      new OverheadPlan(
          Configuration.OF_GOVERNED,
          List.of(new Rounds(new Shape(1, 16), 50, 20), new Rounds(new Shape(1, 128), 40, 10)),
          List.of(1),
          1,
          0,
          130);

  static OverheadPlan of(boolean signals, boolean governed, boolean quick) {
    if (governed) {
      return quick ? GOVERNED_QUICK : GOVERNED;
    }
    if (signals) {
      return quick ? SIGNALS_QUICK : SIGNALS;
    }
    return quick ? QUICK : FULL;
  }
}
