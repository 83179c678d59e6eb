package io.innerspan.signals.pack;

import io.innerspan.signals.Signal;
import java.io.IOException;

/**
 * How one kind of signal stands in a pack: what its object in the manifest has beside id, kind and
 * sampling, and its tensors.
 */
abstract class SignalFormat<S extends Signal> {
  private final String kind;
  private final Class<S> type;

  SignalFormat(String kind, Class<S> type) {
    this.kind = kind;
    this.type = type;
  }

  /** The kind's name in a manifest. */
  final String kind() {
    return kind;
  }

  final boolean writes(Signal signal) {
    return type.isInstance(signal);
  }

  /**
   * Reads a signal.
   *
   * @throws PackException if a tensor is not right
   * @throws io.innerspan.signals.InvalidValueException if a field is not right; the message has the
   *     field's place
   */
  abstract S read(SignalInput in) throws PackException;

  /** Writes what {@link #read} reads. */
  abstract void write(S signal, SignalOutput out) throws IOException;

  final void writeAny(Signal signal, SignalOutput out) throws IOException {
    write(type.cast(signal), out);
  }
}
