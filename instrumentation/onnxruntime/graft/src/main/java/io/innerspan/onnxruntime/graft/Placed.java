package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.Signal;
import java.util.List;

/**
 * A signal that can be compiled, with the places where it looks.
 *
 * @param signal what to compute
 * @param taps one per {@link Signal#hookPoints()}
 */
record Placed(Signal signal, List<TapPoint> taps) {
  Placed {
    taps = List.copyOf(taps);
  }

  /** Where the signal looks first. */
  TapPoint tap() {
    return taps.get(0);
  }
}
