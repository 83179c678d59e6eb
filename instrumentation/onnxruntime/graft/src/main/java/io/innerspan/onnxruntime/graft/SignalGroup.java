package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Signal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Signals of one kind at one tap that are computed together, with the columns they go to. */
final class SignalGroup {
  private final TapPoint tap;
  private final @Nullable Pooling pooling;
  private final List<Integer> columns = new ArrayList<>();
  private final List<LinearProbe> probes = new ArrayList<>();

  /**
   * @param pooling the probes' pooling, or null for activation norms
   */
  SignalGroup(TapPoint tap, @Nullable Pooling pooling) {
    this.tap = tap;
    this.pooling = pooling;
  }

  void add(int column, Signal signal) {
    columns.add(column);
    if (signal instanceof LinearProbe probe) {
      probes.add(probe);
    }
  }

  TapPoint tap() {
    return tap;
  }

  @Nullable Pooling pooling() {
    return pooling;
  }

  List<Integer> columns() {
    return columns;
  }

  List<LinearProbe> probes() {
    return probes;
  }
}
