package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.opentelemetry.javaagent.innerspan.bridge.GraftOverlay;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Feeds the input by which signals are switched on. The combinations that a governor asks for at a
 * time are few, and are kept as tensors: an inference makes none. Over months they are many: from
 * time to time those that no run uses are freed. Thread-safe.
 */
final class GateInputs implements AutoCloseable {
  /** Combinations that are kept, beside those that are in use when this many are reached. */
  static final int MOST_KEPT = 256;

  /** A combination of open gates, which its user releases after the run. */
  final class Combination {
    private static final int FREED = Integer.MIN_VALUE;

    private final OnnxTensor tensor;
    private final AtomicInteger users = new AtomicInteger();

    private Combination(OnnxTensor tensor) {
      this.tensor = tensor;
    }

    /** Returns false when it is freed. */
    private boolean use() {
      int now = users.get();
      while (now >= 0) {
        if (users.compareAndSet(now, now + 1)) {
          return true;
        }
        now = users.get();
      }
      return false;
    }

    /** Frees it unless a run uses it. */
    private boolean free() {
      boolean idle = users.compareAndSet(0, FREED);
      if (idle) {
        tensor.close();
      }
      return idle;
    }

    void release() {
      users.decrementAndGet();
    }

    /** The application's inputs and ours. */
    Map<String, OnnxTensor> with(Map<String, OnnxTensor> inputs) {
      Map<String, OnnxTensor> all = new HashMap<>((inputs.size() + 1) * 2);
      all.putAll(inputs);
      all.put(input, tensor);
      return all;
    }
  }

  private final OrtEnvironment environment;
  private final String input;
  private final int gates;
  private final int standing;
  private final boolean readsAlways;
  private final Map<Long, Combination> combinations = new ConcurrentHashMap<>();
  private boolean closed;

  /** The gates of a graft that may have none. */
  GateInputs(OrtEnvironment environment, GraftOverlay overlay) {
    String input = overlay.gatesInput();
    this.environment = environment;
    this.input = input == null ? "" : input;
    this.gates = overlay.gates();
    this.standing = overlay.standingGates();
    this.readsAlways = overlay.readsAlways();
  }

  /** Whether there is an input more than the application knows of. */
  boolean present() {
    return gates > 0;
  }

  /** Whether a run with these gates open computes anything. */
  boolean read(long open) {
    return readsAlways || (open & all()) != 0;
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

  /** How many combinations are kept. */
  int kept() {
    return combinations.size();
  }

  /**
   * The input for a run, which is {@linkplain #present() present}.
   *
   * @param open the bits of the open gates
   */
  Combination use(long open) throws OrtException {
    long gatesOnly = open & all();
    Combination kept = combinations.get(gatesOnly);
    return kept != null && kept.use() ? kept : make(gatesOnly);
  }

  private synchronized Combination make(long open) throws OrtException {
    Combination kept = combinations.get(open);
    if (kept != null && kept.use()) {
      return kept;
    }
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
    if (combinations.size() >= MOST_KEPT) {
      combinations.values().removeIf(Combination::free);
    }
    boolean[] values = new boolean[gates + 2];
    values[0] = open >>> standing != 0;
    values[gates + 1] = open != 0;
    for (int gate = 0; gate < gates; gate++) {
      values[gate + 1] = (open >>> gate & 1) != 0;
    }
    Combination made = new Combination(OnnxTensor.createTensor(environment, values));
    made.use();
    combinations.put(open, made);
    return made;
  }

  @Override
  public synchronized void close() {
    closed = true;
    combinations.values().forEach(combination -> combination.tensor.close());
    combinations.clear();
  }
}
