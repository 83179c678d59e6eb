package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.LinearProbe;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A linear readout of an activation, for the probe that it belongs to. */
record Readout(Placed placed, LinearProbe linear, Activation activation) {
  /** Whether it is pooled by a weight for each token: the mean, the first, the last. */
  boolean isOfRows() {
    return linear.pooling().kind().ofActivations();
  }

  /** Those of one activation together, in the order in which these first appear. */
  static Collection<List<Readout>> byActivation(List<Readout> readouts) {
    Map<Activation, List<Readout>> groups = new LinkedHashMap<>();
    for (Readout readout : readouts) {
      groups.computeIfAbsent(readout.activation(), any -> new ArrayList<>()).add(readout);
    }
    return groups.values();
  }
}
