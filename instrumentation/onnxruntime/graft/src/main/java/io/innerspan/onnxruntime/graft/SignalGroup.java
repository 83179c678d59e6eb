package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Signal;
import java.util.ArrayList;
import java.util.List;

/** Signals of one kind at one tap that are computed together, with the columns they go to. */
final class SignalGroup {
  private final TapPoint tap;
  private final List<Integer> columns = new ArrayList<>();
  private final List<Signal> signals = new ArrayList<>();

  SignalGroup(TapPoint tap) {
    this.tap = tap;
  }

  /** What signals of one tap must have in common to be computed together. */
  static Object kind(Signal signal) {
    if (signal instanceof LinearProbe probe) {
      return probe.pooling(); // One product gives the logits of all of them.
    }
    return signal instanceof ActivationSummary ? "norm" : signal.id();
  }

  void add(int column, Signal signal) {
    columns.add(column);
    signals.add(signal);
  }

  TapPoint tap() {
    return tap;
  }

  /** The columns of the reading, one per signal. */
  List<Integer> columns() {
    return columns;
  }

  /** The signals, at least one. */
  List<Signal> signals() {
    return signals;
  }
}
