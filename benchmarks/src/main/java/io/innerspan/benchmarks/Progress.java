package io.innerspan.benchmarks;

import java.util.Locale;

/** Says on standard error what is being done; standard output is for results. */
final class Progress {
  private static final long BEGIN = System.nanoTime();

  static void say(String what) {
    System.err.println(String.format(Locale.ROOT, "[%4.0f s] %s", seconds(), what));
  }

  /** Seconds since the program began. */
  static double seconds() {
    return (System.nanoTime() - BEGIN) * 1e-9;
  }

  private Progress() {}
}
