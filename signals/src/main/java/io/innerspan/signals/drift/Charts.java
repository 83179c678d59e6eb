package io.innerspan.signals.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The charts of one signal: mean, spread and tails, each in both directions. Not thread-safe.
 *
 * <p>Each value moves all charts, up or down as chance will have it. So nothing here branches on
 * that: sums are whole numbers, among which a processor selects without branches, and there are
 * always as many charts, which lets the compiler write them out.
 */
final class Charts {
  /** One for each {@link ChartKind}. */
  static final int SIZE = 6;

  /** About how much memory the charts of one signal take, their table apart. */
  static final int BYTES = 260;

  private static final int FEWEST = 10;

  // Where the charts' numbers begin in the state.
  private static final int COUNTS = SIZE;
  private static final int EFFECTS = 2 * SIZE;
  private static final int SINCE = 3 * SIZE;

  private final ChartTable table;
  private final int every;
  private final int[] steps;
  private final long[] limits;

  /** Sums, then how many values they are of, these values' effects, and when the first one was. */
  private final long[] state = new long[4 * SIZE];

  private int skipped;

  Charts(ChartTable table) {
    this.table = table;
    this.every = table.every();
    this.steps = table.steps();
    this.limits = table.limits();
  }

  Charts(Baseline baseline, Bins bins, Allowance allowance) {
    this(new ChartTable(baseline, bins, allowance, List.of(ChartKind.values())));
  }

  /** The same at its beginning. */
  Charts another() {
    return new Charts(table);
  }

  /** Takes the bin of the next value; a chart that reaches its limit begins anew. */
  @Nullable Drift add(int bin, long nanos) {
    if (++skipped < every) {
      return null;
    }
    skipped = 0;
    int first = table.first(bin);
    int alarm = -1;
    for (int i = 0; i < SIZE; i++) {
      long sum = Math.max(0, state[i] + steps[first + i]);
      long before = state[COUNTS + i];
      long count = sum > 0 ? before + 1 : 0;
      long effect = state[EFFECTS + i] + steps[first + SIZE + i];
      state[i] = sum;
      state[COUNTS + i] = count;
      state[EFFECTS + i] = sum > 0 ? effect : 0;
      state[SINCE + i] = before == 0 ? nanos : state[SINCE + i];
      if (sum >= limits[i] && count >= FEWEST && alarm < 0) {
        alarm = i;
      }
    }
    return alarm < 0 ? null : alarm(alarm);
  }

  /** What the charts look for. */
  List<ChartKind> kinds() {
    List<ChartKind> kinds = new ArrayList<>();
    for (int i = 0; i < table.size(); i++) {
      kinds.add(table.design(i).kind);
    }
    return kinds;
  }

  /** Of so many values in a row one is looked at. */
  int every() {
    return every;
  }

  /** Where a chart is; 0 at its beginning. */
  double sum(int chart) {
    return state[chart] / ChartTable.ONE;
  }

  /** What a value of the bin adds to a chart. */
  double increment(int chart, int bin) {
    return table.design(chart).increments[bin];
  }

  /** The bin of a value. */
  int bin(double value) {
    return table.bins().of(value);
  }

  private Drift alarm(int i) {
    ChartDesign design = table.design(i);
    long count = state[COUNTS + i];
    Drift drift =
        new Drift(
            0,
            design.kind.method(),
            design.kind.direction(),
            sum(i),
            design.limit,
            state[EFFECTS + i] / ChartTable.ONE / count,
            Math.min(1, table.size() * design.pValue(sum(i))),
            count * every,
            state[SINCE + i]);
    // One change moves several charts: all begin anew, and tell again if it lasts.
    Arrays.fill(state, 0);
    return drift;
  }
}
