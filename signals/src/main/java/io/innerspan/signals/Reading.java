package io.innerspan.signals;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The values of all signals for one inference, one row per row of the batch. Rows without real
 * tokens and values that are not finite are absent: numbers asked of them are NaN, labels null.
 *
 * <p>Made once per inference on the application's thread: the array is not copied, and no method
 * but the constructor allocates. The caller must not change the array afterwards; then instances
 * are safe to share between threads.
 */
public final class Reading {
  private final ReadingLayout layout;
  private final float[] values;
  private final int rows;
  private final int columns;
  private final long openGates;

  /**
   * A reading with all gates open.
   *
   * @param layout what the columns mean
   * @param values {@code rows × layout.columns()} values, row by row; probes as raw logits
   * @param rows the number of rows
   */
  public Reading(ReadingLayout layout, float[] values, int rows) {
    this(layout, values, rows, -1);
  }

  /**
   * @param layout what the columns mean
   * @param values {@code rows × layout.columns()} values, row by row; probes as raw logits
   * @param rows the number of rows
   * @param openGates the bits of the gates that were open for this inference
   */
  public Reading(ReadingLayout layout, float[] values, int rows, long openGates) {
    this.layout = layout;
    this.openGates = openGates;
    this.values = values;
    this.rows = rows;
    this.columns = layout.columns();
    if (rows < 0 || values.length != (long) rows * columns) {
      throw new InvalidValueException(
          "reading", rows + " rows of " + columns + " values", values.length + " values");
    }
  }

  /** What the columns mean. */
  public ReadingLayout layout() {
    return layout;
  }

  /** The rows of the batch, with or without a reading. */
  public int rows() {
    return rows;
  }

  /** The number of real tokens of a row; 0 when it is unknown. */
  public int tokens(int row) {
    float tokens = values[row * columns + layout.tokensColumn()];
    return tokens >= 1 && Float.isFinite(tokens) ? (int) tokens : 0;
  }

  /** Whether the row had real tokens to read. */
  public boolean hasReading(int row) {
    return tokens(row) > 0;
  }

  /** Whether the signal was computed at all: its gate was open, or it has none. */
  public boolean isRead(int signal) {
    int gate = layout.gate(signal);
    return gate == ReadingLayout.ALWAYS_OPEN || (openGates >>> gate & 1) != 0;
  }

  /** Whether the row has a finite first value for the signal. */
  public boolean isPresent(int row, int signal) {
    return isPresent(row, signal, 0);
  }

  /** Whether the row has a finite value in the signal's column. */
  public boolean isPresent(int row, int signal, int column) {
    return isRead(signal) && hasReading(row) && Float.isFinite(at(row, signal, column));
  }

  /** The signal's first value: a probe's raw logit, for one; NaN when absent. */
  public double value(int row, int signal) {
    return value(row, signal, 0);
  }

  /** The value in the signal's column, counted from its first; NaN when absent. */
  public double value(int row, int signal, int column) {
    return isPresent(row, signal, column) ? at(row, signal, column) : Double.NaN;
  }

  /**
   * A probe's raw logit, before calibration; NaN when absent.
   *
   * @throws IllegalArgumentException if the signal is no probe
   */
  public double logit(int row, int signal) {
    layout.probe(signal);
    return value(row, signal);
  }

  /**
   * A probe's calibrated score in [0, 1]; NaN when absent.
   *
   * @throws IllegalArgumentException if the signal is no probe
   */
  public double score(int row, int signal) {
    return layout.probe(signal).calibration().score(value(row, signal));
  }

  /**
   * The row with the signal's largest value (the first of equals), or −1 when all are absent. Of a
   * probe it has the largest score too, which other rows may share.
   */
  public int maxRow(int signal) {
    int best = -1;
    for (int row = 0; row < rows; row++) {
      if (isPresent(row, signal) && (best < 0 || at(row, signal, 0) > at(best, signal, 0))) {
        best = row;
      }
    }
    return best;
  }

  /**
   * A probe's largest score over the rows; NaN when all are absent.
   *
   * @throws IllegalArgumentException if the signal is no probe
   */
  public double maxScore(int signal) {
    int row = maxRow(signal);
    return row < 0 ? Double.NaN : score(row, signal);
  }

  /** The signal's largest value over the rows; NaN when all are absent. */
  public double maxValue(int signal) {
    int row = maxRow(signal);
    return row < 0 ? Double.NaN : at(row, signal, 0);
  }

  /**
   * The largest value of each of these signals, as {@link #maxValue} finds it; the values are read
   * in the order in which they lie in memory.
   *
   * @param into takes them, NaN where all are absent
   */
  public void maxValues(int[] signals, float[] into) {
    Arrays.fill(into, Float.NaN);
    for (int row = 0; row < rows; row++) {
      if (hasReading(row)) {
        takeLarger(row, signals, into);
      }
    }
  }

  private void takeLarger(int row, int[] signals, float[] into) {
    for (int i = 0; i < signals.length; i++) {
      float value = at(row, signals[i], 0);
      if (!(value <= into[i]) && Float.isFinite(value) && isRead(signals[i])) {
        into[i] = value;
      }
    }
  }

  /**
   * Whether the row's score reaches the probe's threshold; false without a threshold.
   *
   * @throws IllegalArgumentException if the signal is no probe
   */
  public boolean fires(int row, int signal) {
    Threshold threshold = layout.probe(signal).threshold();
    return threshold != null && score(row, signal) >= threshold.score();
  }

  /**
   * The first row from {@code from} on that fires, or −1. All firing rows are visited by {@code for
   * (int r = nextFiringRow(s, 0); r >= 0; r = nextFiringRow(s, r + 1))}.
   */
  public int nextFiringRow(int signal, int from) {
    for (int row = from; row < rows; row++) {
      if (fires(row, signal)) {
        return row;
      }
    }
    return -1;
  }

  /** How many rows fire. */
  public int firingRows(int signal) {
    int count = 0;
    for (int row = 0; row < rows; row++) {
      if (fires(row, signal)) {
        count++;
      }
    }
    return count;
  }

  /** The label of the row with the largest score; null when absent or without a threshold. */
  public @Nullable String label(int signal) {
    int row = maxRow(signal);
    return row < 0 ? null : label(row, signal);
  }

  /** The probe's label for one row; null when absent or without a threshold. */
  public @Nullable String label(int row, int signal) {
    Probe probe = layout.probe(signal);
    if (probe.threshold() == null || !isPresent(row, signal)) {
      return null;
    }
    return fires(row, signal) ? probe.positiveLabel() : probe.negativeLabel();
  }

  /**
   * The first of a lens' layers from which on the model's own answer stays on top; the number of
   * its layers if it is not on top in the last one either, so that only the model's own end has it;
   * −1 when absent.
   *
   * @throws IllegalArgumentException if the signal is no {@link LayerLens}
   */
  public int decisionLayer(int row, int signal) {
    LayerLens lens = layout.lens(signal);
    int layer = lens.layers().size();
    while (layer > 0) {
      double rank = value(row, signal, lens.rank(layer - 1));
      if (Double.isNaN(rank)) {
        return -1;
      }
      if (rank >= 1) {
        return layer;
      }
      layer--;
    }
    return layer;
  }

  /**
   * How far the probe that a confidence is compared with lies from the model: {@code |score −
   * probability of the compared answer|}, in [0, 1]; NaN when either is absent, or nothing is
   * compared.
   */
  public double disagreement(int row, int signal) {
    int probe = layout.compared(signal);
    return probe < 0
        ? Double.NaN
        : Math.abs(score(row, probe) - value(row, signal, OutputConfidence.ANSWER_PROBABILITY));
  }

  private float at(int row, int signal, int column) {
    return values[row * columns + layout.firstColumn(signal) + column];
  }
}
