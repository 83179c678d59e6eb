package io.innerspan.signals;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which column of a reading belongs to which signal: one column per signal in order, then a last
 * column with the row's number of real tokens. Immutable.
 */
public final class ReadingLayout {
  private final List<Signal> signals;
  private final Signal[] bySignal;

  /**
   * @param signals the signals in the order of the columns, with ids that differ
   */
  public ReadingLayout(List<? extends Signal> signals) {
    this.signals = List.copyOf(signals);
    this.bySignal = this.signals.toArray(new Signal[0]);
    Set<String> seen = new HashSet<>();
    for (Signal signal : this.signals) {
      if (!seen.add(signal.id())) {
        throw new InvalidValueException(
            "signals", "ids that differ", "'" + signal.id() + "' twice");
      }
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

  /** The values per row: one per signal and the number of real tokens. */
  public int columns() {
    return bySignal.length + 1;
  }

  /** The column that holds the number of real tokens. */
  public int tokensColumn() {
    return bySignal.length;
  }

  /** The signal of column {@code index}. */
  public Signal signal(int index) {
    return bySignal[index];
  }

  /** Whether column {@code index} holds a probe's logit. */
  public boolean isProbe(int index) {
    return bySignal[index] instanceof Probe;
  }

  /**
   * The probe of column {@code index}.
   *
   * @throws IllegalArgumentException if the column belongs to another kind of signal
   */
  public Probe probe(int index) {
    if (bySignal[index] instanceof Probe probe) {
      return probe;
    }
    throw new InvalidValueException("column " + index, "a probe", bySignal[index]);
  }

  /** The column of the signal with this id, or −1. */
  public int indexOf(String id) {
    for (int i = 0; i < bySignal.length; i++) {
      if (bySignal[i].id().equals(id)) {
        return i;
      }
    }
    return -1;
  }
}
