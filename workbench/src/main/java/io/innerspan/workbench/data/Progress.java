package io.innerspan.workbench.data;

import java.io.PrintWriter;

/** Tells a waiting person how far long work is: a line per step, and one per tenth of a loop. */
public final class Progress {
  private final PrintWriter out;

  /**
   * @param out where lines go; standard error for a command whose output is read by programs
   */
  public Progress(PrintWriter out) {
    this.out = out;
  }

  /** Says one line. */
  public void say(String line) {
    out.println(line);
    out.flush();
  }

  /** Begins counting to {@code total}. */
  public Counter count(String what, int total) {
    return new Counter(what, total);
  }

  /** A loop under way. */
  public final class Counter {
    private static final int LINES = 10;
    private final String what;
    private final int total;
    private int done;

    private Counter(String what, int total) {
      this.what = what;
      this.total = total;
    }

    /** More of the work is done. */
    public void add(int more) {
      int before = done;
      done += more;
      if ((long) before * LINES / Math.max(1, total) != (long) done * LINES / Math.max(1, total)) {
        say("  " + what + ": " + done + " of " + total);
      }
    }
  }
}
