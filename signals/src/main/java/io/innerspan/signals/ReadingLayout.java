package io.innerspan.signals;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which columns of a reading belong to which signal: the signals' columns in order, then a last
 * column with the row's number of real tokens. A signal may lie behind a gate: its columns hold
 * something only in readings of inferences for which the gate was open. Immutable.
 */
public final class ReadingLayout {
  /** The gate of signals that are computed for every inference. */
  public static final int ALWAYS_OPEN = -1;

  private final List<Signal> signals;
  private final Signal[] bySignal;
  private final int[] firstColumns;
  private final int[] gates;
  private final int standingGates;
  private final int[] compared;
  private final int columns;

  /**
   * A layout without gates.
   *
   * @param signals the signals in the order of the columns, with ids that differ
   */
  public ReadingLayout(List<? extends Signal> signals) {
    this(signals, Collections.nCopies(signals.size(), ALWAYS_OPEN), 0);
  }

  /**
   * @param signals the signals in the order of the columns, with ids that differ
   * @param gates by signal, the gate that it lies behind, or {@link #ALWAYS_OPEN}
   * @param standingGates how many of the gates, the first ones, are open for every inference unless
   *     that costs too much; the others are opened for some
   */
  public ReadingLayout(List<? extends Signal> signals, List<Integer> gates, int standingGates) {
    this.standingGates = standingGates;
    this.signals = List.copyOf(signals);
    this.bySignal = this.signals.toArray(new Signal[0]);
    this.gates = gates.stream().mapToInt(Integer::intValue).toArray();
    this.firstColumns = new int[bySignal.length];
    int next = 0;
    for (int i = 0; i < bySignal.length; i++) {
      firstColumns[i] = next;
      next += bySignal[i].columnNames().size();
    }
    this.columns = next + 1;
    if (this.gates.length != bySignal.length) {
      throw new InvalidValueException(
          "gates", "one per signal, " + bySignal.length, this.gates.length);
    }
    this.compared = new int[bySignal.length];
    Set<String> seen = new HashSet<>();
    for (Signal signal : this.signals) {
      if (!seen.add(signal.id())) {
        throw new InvalidValueException(
            "signals", "ids that differ", "'" + signal.id() + "' twice");
      }
    }
    for (int i = 0; i < bySignal.length; i++) {
      compared[i] = comparedProbe(bySignal[i]);
    }
  }

  /** The signals in the order of their columns. */
  public List<Signal> signals() {
    return signals;
  }

  /** The number of signals. */
  public int size() {
    return bySignal.length;
  }

  /** The values per row: those of each signal and the number of real tokens. */
  public int columns() {
    return columns;
  }

  /** The column that holds the number of real tokens. */
  public int tokensColumn() {
    return columns - 1;
  }

  /** The first column of signal {@code index}. */
  public int firstColumn(int index) {
    return firstColumns[index];
  }

  /** How many columns signal {@code index} has. */
  public int width(int index) {
    int next = index + 1 < firstColumns.length ? firstColumns[index + 1] : columns - 1;
    return next - firstColumns[index];
  }

  /** The gate that signal {@code index} lies behind, or {@link #ALWAYS_OPEN}. */
  public int gate(int index) {
    return gates[index];
  }

  /** How many gates are open for every inference, unless that costs too much: the first ones. */
  public int standingGates() {
    return standingGates;
  }

  /** Whether signal {@code index} is meant to be computed for some inferences only. */
  public boolean isSampled(int index) {
    return gates[index] >= standingGates;
  }

  /** Signal {@code index}. */
  public Signal signal(int index) {
    return bySignal[index];
  }

  /** Whether signal {@code index} is a probe. */
  public boolean isProbe(int index) {
    return bySignal[index] instanceof Probe;
  }

  /**
   * Signal {@code index}, which is a probe.
   *
   * @throws IllegalArgumentException if it is another kind of signal
   */
  public Probe probe(int index) {
    if (bySignal[index] instanceof Probe probe) {
      return probe;
    }
    throw new InvalidValueException("signal " + index, "a probe", bySignal[index]);
  }

  /** Signal {@code index}, which is a lens; else as for {@link #probe}. */
  LayerLens lens(int index) {
    if (bySignal[index] instanceof LayerLens lens) {
      return lens;
    }
    throw new InvalidValueException("signal " + index, "a lens", bySignal[index]);
  }

  /** The index of the probe that signal {@code index} is compared with, or −1. */
  int compared(int index) {
    return compared[index];
  }

  private int comparedProbe(Signal signal) {
    if (!(signal instanceof OutputConfidence confidence) || confidence.disagreement() == null) {
      return -1;
    }
    int probe = indexOf(confidence.disagreement().probe());
    return probe >= 0 && isProbe(probe) ? probe : -1;
  }

  /** The index of the signal with this id, or −1. */
  public int indexOf(String id) {
    for (int i = 0; i < bySignal.length; i++) {
      if (bySignal[i].id().equals(id)) {
        return i;
      }
    }
    return -1;
  }
}
