package io.innerspan.signals.drift;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * The charts of some signals: mean, spread and tails, each in both directions. Not thread-safe.
 *
 * <p>Each value moves all charts of its signal, up or down as chance will have it. So nothing here
 * branches on that: what there is to know of a chart is a whole number in a lane, of which each
 * signal has {@value ChartTable#LANES}, and each pass over all lanes is simple enough for the
 * compiler to make one processor instruction work on several.
 */
final class Charts {
  /** About how much memory the charts of one signal take, their table apart. */
  static final int BYTES = 240;

  private static final int LANES = ChartTable.LANES;
  private static final int FEWEST = 10;

  /** A chart that stays above 0 for longer begins anew, before its effects grow too large. */
  private static final int MOST = 1 << 16;

  /** What times are counted in, as a power of two: 17 ms, of which there are enough for a year. */
  private static final int TICK_BITS = 24;

  private final ChartTable[] tables;
  private final int[] skipped;
  private final boolean[] taken;

  // By lane, what the present row adds.
  private final int[] increments;
  private final int[] effectSteps;
  private final int[] countSteps;

  // By lane, what there is.
  private final int[] limits;
  private final int[] sums;
  private final int[] counts;
  private final int[] effects;
  private final int[] since;

  Charts(List<ChartTable> tables) {
    this(tables.toArray(ChartTable[]::new), new int[LANES * tables.size()]);
    for (int signal = 0; signal < this.tables.length; signal++) {
      System.arraycopy(this.tables[signal].limits(), 0, limits, LANES * signal, LANES);
    }
  }

  private Charts(ChartTable[] tables, int[] limits) {
    int lanes = limits.length;
    this.tables = tables;
    this.limits = limits;
    this.skipped = new int[tables.length];
    this.taken = new boolean[tables.length];
    this.increments = new int[lanes];
    this.effectSteps = new int[lanes];
    this.countSteps = new int[lanes];
    this.sums = new int[lanes];
    this.counts = new int[lanes];
    this.effects = new int[lanes];
    this.since = new int[lanes];
  }

  /** The same at their beginning. */
  Charts another() {
    return new Charts(tables, limits);
  }

  /** Takes the bin of a signal's next value, to be looked at in {@link #step}. */
  void take(int signal, int bin) {
    ChartTable table = tables[signal];
    if (++skipped[signal] < table.every()) {
      leave(signal);
      return;
    }
    skipped[signal] = 0;
    int lane = LANES * signal;
    int first = table.first(bin);
    System.arraycopy(table.steps(), first, increments, lane, LANES);
    System.arraycopy(table.steps(), first + LANES, effectSteps, lane, LANES);
    if (!taken[signal]) {
      taken[signal] = true;
      Arrays.fill(countSteps, lane, lane + LANES, 1);
    }
  }

  /** The signal has no value in this row. */
  void leave(int signal) {
    if (taken[signal]) {
      taken[signal] = false;
      int lane = LANES * signal;
      Arrays.fill(increments, lane, lane + LANES, 0);
      Arrays.fill(effectSteps, lane, lane + LANES, 0);
      Arrays.fill(countSteps, lane, lane + LANES, 0);
    }
  }

  /**
   * Moves all charts by what was taken; one that reaches its limit begins anew.
   *
   * @param nanos the time of the row
   * @param found takes what is found, of each signal one drift
   */
  void step(long nanos, Consumer<Drift> found) {
    Lanes.addUpwards(sums, increments);
    Lanes.setWhereZero(since, counts, (int) (nanos >> TICK_BITS));
    Lanes.addWhilePositive(effects, effectSteps, sums);
    Lanes.addWhilePositive(counts, countSteps, sums);
    if (Lanes.anyReaches(sums, limits) || Lanes.anyReaches(counts, MOST)) {
      for (int signal = 0; signal < tables.length; signal++) {
        look(signal, nanos, found);
      }
    }
  }

  /** What the charts of a signal look for. */
  List<ChartKind> kinds(int signal) {
    return tables[signal].kinds();
  }

  /** Where a signal's chart is; 0 at its beginning. */
  double sum(int signal, int chart) {
    return sums[LANES * signal + chart] / ChartTable.ONE;
  }

  private void look(int signal, long nanos, Consumer<Drift> found) {
    for (int chart = 0; chart < tables[signal].size(); chart++) {
      int lane = LANES * signal + chart;
      if (sums[lane] >= limits[lane] && counts[lane] >= FEWEST) {
        found.accept(drift(signal, chart, nanos));
        // One change moves several charts: all begin anew, and tell again if it lasts.
        Arrays.fill(sums, LANES * signal, LANES * (signal + 1), 0);
        Arrays.fill(counts, LANES * signal, LANES * (signal + 1), 0);
        Arrays.fill(effects, LANES * signal, LANES * (signal + 1), 0);
        return;
      }
      if (counts[lane] >= MOST) {
        sums[lane] = 0;
        counts[lane] = 0;
        effects[lane] = 0;
      }
    }
  }

  private Drift drift(int signal, int chart, long nanos) {
    ChartTable table = tables[signal];
    ChartDesign design = table.design(chart);
    int lane = LANES * signal + chart;
    int ticks = (int) (nanos >> TICK_BITS) - since[lane];
    return new Drift(
        signal,
        design.kind.method(),
        design.kind.direction(),
        sum(signal, chart),
        design.limit,
        effects[lane] / ChartTable.EFFECT_ONE / counts[lane],
        Math.min(1, table.size() * design.pValue(sum(signal, chart))),
        (long) counts[lane] * table.every(),
        nanos - ((long) ticks << TICK_BITS));
  }
}
