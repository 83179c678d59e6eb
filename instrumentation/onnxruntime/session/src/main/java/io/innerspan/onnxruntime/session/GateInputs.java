package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.opentelemetry.javaagent.innerspan.bridge.GraftOverlay;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Feeds the input by which signals are switched on. The combinations that a governor asks for are
 * few, and are kept as tensors: an inference makes none. Thread-safe.
 */
final class GateInputs implements AutoCloseable {
  private final OrtEnvironment environment;
  private final String input;
  private final int gates;
  private final int standing;
  private final Map<Long, OnnxTensor> tensors = new ConcurrentHashMap<>();
  private boolean closed;

  private GateInputs(OrtEnvironment environment, String input, int gates, int standing) {
    this.environment = environment;
    this.input = input;
    this.gates = gates;
    this.standing = standing;
  }

  /** The gates of a graft that may have none. */
  static GateInputs of(OrtEnvironment environment, GraftOverlay overlay) {
    String input = overlay.gatesInput();
    return new GateInputs(
        environment, input == null ? "" : input, overlay.gates(), overlay.standingGates());
  }

  /** Whether there is an input more than the application knows of. */
  boolean present() {
    return gates > 0;
  }

  /** The name of the input. */
  String input() {
    return input;
  }

  /** All gates. */
  long all() {
    return (1L << gates) - 1;
  }

  /** Those that are open for most inferences. */
  long standing() {
    return (1L << standing) - 1;
  }

  /**
   * The application's inputs and ours.
   *
   * @param open the bits of the open gates
   * @return what was given, where there are no gates
   */
  Map<String, OnnxTensor> with(Map<String, OnnxTensor> inputs, long open) throws OrtException {
    if (!present()) {
      return inputs;
    }
    Map<String, OnnxTensor> all = new HashMap<>((inputs.size() + 1) * 2);
    all.putAll(inputs);
    all.put(input, tensor(open & all()));
    return all;
  }

  private OnnxTensor tensor(long open) throws OrtException {
    OnnxTensor kept = tensors.get(open);
    return kept == null ? make(open) : kept;
  }

  private synchronized OnnxTensor make(long open) throws OrtException {
    OnnxTensor kept = tensors.get(open);
    if (kept != null) {
      return kept;
    }
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
    boolean[] values = new boolean[gates + 2];
    values[0] = open >>> standing != 0;
    values[gates + 1] = open != 0;
    for (int gate = 0; gate < gates; gate++) {
      values[gate + 1] = (open >>> gate & 1) != 0;
    }
    OnnxTensor made = OnnxTensor.createTensor(environment, values);
    tensors.put(open, made);
    return made;
  }

  @Override
  public synchronized void close() {
    closed = true;
    tensors.values().forEach(OnnxTensor::close);
    tensors.clear();
  }
}
