package io.innerspan.djl.torchscript;

import io.innerspan.djl.maths.SignalNeeds;
import io.innerspan.signals.AttentionSummary;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.Signal;
import io.innerspan.signals.TokenSelection;
import java.util.List;

/**
 * Signals that are computed together: of the same places, the same tokens and the same gate.
 *
 * @param signals in the order of their columns
 * @param sites of the signals' hook points, in their order
 * @param gate or −1
 */
record Unit(List<Signal> signals, List<Site> sites, int gate) {
  Unit {
    signals = List.copyOf(signals);
    sites = List.copyOf(sites);
  }

  int columns() {
    return signals.stream().mapToInt(signal -> signal.columnNames().size()).sum();
  }

  boolean readsTwo() {
    return sites.size() > 1;
  }

  TokenSelection tokens() {
    return signals.get(0).tokens();
  }

  /** The heads of the attention pattern that is read, or 0 where it is something else. */
  int heads() {
    return signals.get(0) instanceof AttentionSummary summary ? summary.heads() : 0;
  }

  boolean isConfidence() {
    return signals.get(0) instanceof OutputConfidence;
  }

  /** The width that the activation must have, or -1 for any. */
  int width() {
    return SignalNeeds.width(signals.get(0));
  }
}
