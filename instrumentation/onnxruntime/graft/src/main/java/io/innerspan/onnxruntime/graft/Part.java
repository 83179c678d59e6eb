package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.Signal;
import java.util.List;

/**
 * Values of some signals.
 *
 * @param signals in the order of their columns
 * @param values float {@code [batch, columns of all of them]}
 */
record Part(List<Signal> signals, String values) {
  Part {
    signals = List.copyOf(signals);
  }

  /** How many columns there are. */
  int columns() {
    return signals.stream().mapToInt(signal -> signal.columnNames().size()).sum();
  }
}
