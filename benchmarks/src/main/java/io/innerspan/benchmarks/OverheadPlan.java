package io.innerspan.benchmarks;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How much is measured.
 *
 * @param name of the folder for what it needs
 * @param jvms what is compared with {@link Configuration#PLAIN_AGENT}
 * @param sessions what is compared with {@link Configuration#UNREAD}, in one JVM
 * @param sampling which signals are computed for which inferences
 * @param shapes what is measured in each generation
 * @param threads numbers of calling threads
 * @param generations how often all JVMs are started anew
 * @param forks JVMs per configuration and cell for what is added in Java; with 0 that is not
 *     measured
 * @param secondsForRounds when no further round is begun once a third of them is done
 */
record OverheadPlan(
    String name,
    Set<Configuration> jvms,
    Set<Configuration> sessions,
    Sampling sampling,
    List<Rounds> shapes,
    List<Integer> threads,
    int generations,
    int forks,
    int secondsForRounds) {
  /** Which signals are computed for which inferences. */
  enum Sampling {
    /** The dear ones for a sample, the cheap ones for as long as they fit, trivial ones always. */
    DEFAULT,
    /** Trivial ones too for as long as they fit. */
    STRICT,
    EVERY_INFERENCE
  }

  /**
   * How much of one shape.
   *
   * @param rounds with one thread; with two, half as many give as many samples
   * @param runs counted inferences per block and calling thread
   */
  record Rounds(Shape shape, int rounds, int runs) {}

  static final OverheadPlan FULL =
      new OverheadPlan(
          "probes",
          Configuration.JVMS,
          Configuration.OF_PROBES,
          Sampling.DEFAULT,
          List.of(
              new Rounds(new Shape(1, 16), 30, 10),
              new Rounds(new Shape(1, 128), 36, 5),
              new Rounds(new Shape(8, 128), 12, 3)),
          List.of(1, 2),
          3,
          2,
          Integer.MAX_VALUE);

  /** One shape, one thread, and an end within three minutes. */
  static final OverheadPlan QUICK =
      new OverheadPlan(
          "probes",
          Configuration.JVMS,
          Configuration.OF_PROBES,
          Sampling.DEFAULT,
          List.of(new Rounds(new Shape(1, 128), 45, 5)),
          List.of(1),
          1,
          1,
          130);

  /** Every other signal alone. */
  static final OverheadPlan SIGNALS =
      new OverheadPlan(
          "signals",
          Set.of(),
          Configuration.OF_SIGNALS,
          Sampling.EVERY_INFERENCE,
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
          "signals",
          Set.of(),
          Configuration.OF_SIGNALS,
          Sampling.EVERY_INFERENCE,
          List.of(new Rounds(new Shape(1, 16), 12, 10), new Rounds(new Shape(1, 128), 20, 5)),
          List.of(1),
          1,
          0,
          130);

  /** Lenses; with long rows, most of such a model's time goes to answers for every token. */
  static final OverheadPlan LENSES =
      new OverheadPlan(
          "lenses",
          Set.of(),
          Configuration.OF_LENSES,
          Sampling.EVERY_INFERENCE,
          List.of(new Rounds(new Shape(1, 16), 40, 10), new Rounds(new Shape(1, 128), 40, 5)),
          List.of(1),
          2,
          0,
          Integer.MAX_VALUE);

  static final OverheadPlan LENSES_QUICK =
      new OverheadPlan(
          "lenses",
          Set.of(),
          Configuration.OF_LENSES,
          Sampling.EVERY_INFERENCE,
          List.of(new Rounds(new Shape(1, 16), 12, 10), new Rounds(new Shape(1, 128), 12, 5)),
          List.of(1),
          1,
          0,
          Integer.MAX_VALUE);

  /** All signals as they are by default, often enough for the slowest hundredth. */
  static final OverheadPlan GOVERNED =
      new OverheadPlan(
          "governed",
          Set.of(),
          Configuration.OF_ALL,
          Sampling.DEFAULT,
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
          "governed",
          Set.of(),
          Configuration.OF_ALL,
          Sampling.DEFAULT,
          List.of(new Rounds(new Shape(1, 16), 50, 20), new Rounds(new Shape(1, 128), 40, 10)),
          List.of(1),
          1,
          0,
          Integer.MAX_VALUE);

  static List<OverheadPlan> of(boolean signals, boolean governed, boolean quick) {
    if (governed) {
      OverheadPlan plan = quick ? GOVERNED_QUICK : GOVERNED;
      return List.of(plan, plan.strict());
    }
    if (signals) {
      return quick
          ? List.of(SIGNALS_QUICK, SIGNALS_QUICK.allAtOnce(), LENSES_QUICK)
          : List.of(SIGNALS, SIGNALS.allAtOnce(), LENSES);
    }
    return List.of(quick ? QUICK : FULL);
  }

  /** The same of all signals together: no two packs of a JVM may have the same signal. */
  private OverheadPlan allAtOnce() {
    return with("all-always", Configuration.OF_ALL_ALWAYS, sampling);
  }

  /** The same where the budget holds for every signal. */
  private OverheadPlan strict() {
    return with("governed-strict", Configuration.OF_ALL_STRICT, Sampling.STRICT);
  }

  private OverheadPlan with(String newName, Set<Configuration> others, Sampling newSampling) {
    return new OverheadPlan(
        newName, jvms, others, newSampling, shapes, threads, generations, forks, secondsForRounds);
  }

  /**
   * More of less.
   *
   * @param only the shape that is left; with null all are
   * @param times of it so many times as many rounds
   * @throws IllegalArgumentException if the plan has no such shape
   */
  OverheadPlan of(@Nullable Shape only, int times) {
    List<Rounds> chosen =
        shapes.stream()
            .filter(each -> only == null || each.shape().equals(only))
            .map(each -> new Rounds(each.shape(), each.rounds() * times, each.runs()))
            .toList();
    if (chosen.isEmpty()) {
      throw new IllegalArgumentException(
          "--shape: expected one of "
              + shapes.stream().map(Rounds::shape).toList()
              + ", found "
              + only);
    }
    return new OverheadPlan(
        name, jvms, sessions, sampling, chosen, threads, generations, forks, secondsForRounds);
  }

  /** Whether the model is one with an unembedding. */
  boolean needsUnembedding() {
    return sessions.contains(Configuration.LENS);
  }
}
