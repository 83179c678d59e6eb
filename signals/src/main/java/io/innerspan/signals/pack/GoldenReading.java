package io.innerspan.signals.pack;

import io.innerspan.signals.Probe;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.reference.Tolerance;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Compares what a live session reads for a golden input with what the pack says. */
public final class GoldenReading {
  /**
   * Wider than one engine is held to: the pack was made with another version of the engine, perhaps
   * on another processor. Another model, layer, pooling or tokenizer is off by far more.
   */
  private static final Tolerance ACROSS_MACHINES = Tolerance.FP16;

  private static final Pattern TOP = Pattern.compile("(.*\\.)?top\\.([0-9]+)\\.([a-z]+)");

  /** Counts, in which one value that is near the boundary makes a difference of 1. */
  private static final Pattern COUNT = Pattern.compile("(.*\\.)?(rank|active_features)");

  /**
   * What does not agree.
   *
   * @param where the signal and the row, or what is wrong as a whole
   * @param expected what the pack says, with its name
   * @param found what the session says
   */
  public record Contradiction(String where, String expected, String found) {
    @Override
    public String toString() {
      return where + ": expected " + expected + ", found " + found;
    }
  }

  /**
   * The first contradiction. Signals without columns are left out: why they have none is said
   * elsewhere.
   *
   * @param reading {@code rows × columns} values with all gates open, row by row
   * @return null when all agrees
   */
  public static @Nullable Contradiction contradiction(
      GoldenInput golden, ReadingLayout layout, float[] reading, int rows) {
    if (golden.rows() != rows) {
      return new Contradiction("golden input", golden.rows() + " rows", Integer.toString(rows));
    }
    for (var entry : golden.logits().entrySet()) {
      Contradiction found =
          signal(entry.getKey(), entry.getValue().toFloats(), layout, reading, rows);
      if (found != null) {
        return found;
      }
    }
    for (var entry : golden.values().entrySet()) {
      Contradiction found =
          signal(entry.getKey(), entry.getValue().toFloats(), layout, reading, rows);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /**
   * How far a reading is from what is expected of it.
   *
   * @param signal whose value it is, or null
   * @param size in units of what is allowed: beyond 1 it is a contradiction; infinite where one of
   *     the two is no reading, or another feature or answer is on top
   * @param where the signal, the row and the value
   * @param expected what was expected there
   * @param found what was found
   */
  public record Deviation(
      @Nullable String signal, double size, String where, double expected, double found) {
    /** Of readings that have nothing to compare. */
    public static final Deviation NONE = new Deviation(null, 0, "", 0, 0);

    /** Whether it is more than what is allowed. */
    public boolean isContradiction() {
      return !(size <= 1);
    }

    @Override
    public String toString() {
      return where + ": expected " + (float) expected + ", found " + (float) found;
    }
  }

  /** The largest deviation, in units of what is allowed from one machine to another. */
  public static Deviation deviation(
      GoldenInput golden, ReadingLayout layout, float[] reading, int rows) {
    if (golden.rows() != rows) {
      return new Deviation(null, Double.POSITIVE_INFINITY, "rows", golden.rows(), rows);
    }
    Deviation largest = Deviation.NONE;
    for (var entry : golden.logits().entrySet()) {
      float[] expected = entry.getValue().toFloats();
      largest = larger(largest, entry.getKey(), expected, layout, reading, rows);
    }
    for (var entry : golden.values().entrySet()) {
      float[] expected = entry.getValue().toFloats();
      largest = larger(largest, entry.getKey(), expected, layout, reading, rows);
    }
    return largest;
  }

  private static Deviation larger(
      Deviation largest,
      String id,
      float[] expected,
      ReadingLayout layout,
      float[] reading,
      int rows) {
    int signal = layout.indexOf(id);
    if (signal < 0) {
      return largest;
    }
    boolean probe = layout.signal(signal) instanceof Probe;
    List<String> names = probe ? List.of("logit") : layout.signal(signal).columnNames();
    Deviation worst = largest;
    for (int row = 0; row < rows; row++) {
      int first = row * layout.columns() + layout.firstColumn(signal);
      for (int column = 0; column < names.size(); column++) {
        float wanted = expected[row * names.size() + column];
        float actual = reading[first + column];
        double size = size(names, expected, row * names.size(), column, actual);
        if (size > worst.size()) {
          worst =
              new Deviation(
                  id, size, id + ", row " + row + ", " + names.get(column), wanted, actual);
        }
      }
    }
    return worst;
  }

  private static double size(
      List<String> names, float[] expected, int first, int column, float actual) {
    float wanted = expected[first + column];
    if (agrees(names, expected, first, column, actual)) {
      double size = Math.abs(actual - wanted) / ACROSS_MACHINES.allowed(wanted);
      return size <= 1 ? size : 0; // NaN, and what agrees for another reason.
    }
    boolean index = TOP.matcher(names.get(column)).matches() && names.get(column).endsWith("index");
    double size = Math.abs(actual - wanted) / ACROSS_MACHINES.allowed(wanted);
    return index || Double.isNaN(size) ? Double.POSITIVE_INFINITY : size;
  }

  private static @Nullable Contradiction signal(
      String id, float[] expected, ReadingLayout layout, float[] reading, int rows) {
    int signal = layout.indexOf(id);
    if (signal < 0) {
      return null;
    }
    boolean probe = layout.signal(signal) instanceof Probe;
    List<String> names = probe ? List.of("logit") : layout.signal(signal).columnNames();
    int width = names.size();
    if (expected.length != rows * width) {
      return new Contradiction(
          "signal " + id, width + " values per row", Integer.toString(expected.length / rows));
    }
    for (int row = 0; row < rows; row++) {
      int first = row * layout.columns() + layout.firstColumn(signal);
      for (int column = 0; column < width; column++) {
        float actual = reading[first + column];
        if (!agrees(names, expected, row * width, column, actual)) {
          return new Contradiction(
              (probe ? "probe " : "signal ") + id + ", row " + row,
              names.get(column) + " " + expected[row * width + column],
              Float.toString(actual));
        }
      }
    }
    return null;
  }

  private static boolean agrees(
      List<String> names, float[] expected, int first, int column, float actual) {
    float wanted = expected[first + column];
    if (Float.isNaN(wanted) || Float.isNaN(actual)) {
      return Float.isNaN(wanted) && Float.isNaN(actual);
    }
    String name = names.get(column);
    Matcher top = TOP.matcher(name);
    if (top.matches() && top.group(3).equals("token")) {
      return true; // Of two tokens with the same activation either may be told.
    }
    if (top.matches() && top.group(3).equals("index")) {
      return wanted == actual || isTie(names, expected, first, top);
    }
    if (COUNT.matcher(name).matches() && Math.abs(actual - wanted) <= 1) {
      return true;
    }
    return ACROSS_MACHINES.agrees(actual, wanted);
  }

  /**
   * Whether the value of a rank is as good as the next or the one before, so that their order means
   * nothing; of the last rank the next is not known.
   */
  private static boolean isTie(List<String> names, float[] expected, int first, Matcher top) {
    String prefix = top.group(1) == null ? "" : top.group(1);
    int rank = Integer.parseInt(top.group(2));
    int own = value(names, prefix, rank);
    int next = value(names, prefix, rank + 1);
    int before = value(names, prefix, rank - 1);
    return own >= 0
        && (next < 0
            || ACROSS_MACHINES.agrees(expected[first + own], expected[first + next])
            || (before >= 0
                && ACROSS_MACHINES.agrees(expected[first + own], expected[first + before])));
  }

  private static int value(List<String> names, String prefix, int rank) {
    int activation = names.indexOf(prefix + "top." + rank + ".activation");
    return activation >= 0 ? activation : names.indexOf(prefix + "top." + rank + ".probability");
  }

  private GoldenReading() {}
}
