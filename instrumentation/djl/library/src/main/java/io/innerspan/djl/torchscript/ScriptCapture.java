package io.innerspan.djl.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.innerspan.djl.CapturedReading;
import io.innerspan.djl.Placements;
import io.innerspan.djl.SignalRefusal;
import io.innerspan.djl.SignalRefusal.Reason;
import io.innerspan.djl.maths.SignalNeeds;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs a rewritten model's capture method in the place of {@code forward}: adds to the inputs what
 * selects it, and takes from the outputs what the application must not see. One per loaded block,
 * closed with it. Thread-safe.
 */
public final class ScriptCapture implements AutoCloseable {
  /** What DJL's PyTorch engine takes as the method to run instead of forward. */
  private static final String METHOD = "module_method:";

  private static final int MOST_KEPT = 64;
  private static final int GATES = 2;

  /** Weights on a device. */
  private record Placed(NDManager manager, NDArray weights, Map<Long, NDArray> gates)
      implements AutoCloseable {
    /** Sets of gates that are often open together are kept; others are the request's own. */
    NDArray gates(long open, NDManager request) {
      NDArray kept = gates.get(open);
      if (kept != null) {
        return kept;
      }
      return gates.size() < MOST_KEPT
          ? gates.computeIfAbsent(open, bits -> manager.create((long) bits))
          : request.create(open);
    }

    @Override
    public void close() {
      manager.close();
    }
  }

  private final RewrittenScript script;
  private final Placements<Placed> placements = new Placements<>();

  /** A capture by a model that was loaded from the rewritten archive. */
  public ScriptCapture(RewrittenScript script) {
    this.script = script;
  }

  /** What the columns of readings mean. */
  public ReadingLayout layout() {
    return script.layout();
  }

  /**
   * The inputs for an inference that is captured, or null for one that must run as it is: it has no
   * inputs, selects a method of its own, or its model is closed. What is not null must be given
   * back by {@link #release}.
   *
   * @param inputs as the application gave them: not changed
   * @param openGates the bits of the gates that are open
   */
  public @Nullable NDList prepare(NDList inputs, long openGates) {
    if (inputs.isEmpty()) {
      return null;
    }
    for (NDArray input : inputs) {
      String name = input.getName();
      if (name != null && name.startsWith(METHOD)) {
        return null;
      }
    }
    NDManager manager = inputs.get(0).getManager();
    Placed there = placements.take(manager.getDevice(), () -> place(manager));
    if (there == null) {
      return null;
    }
    try {
      return prepared(inputs, there, there.gates(openGates, manager), manager);
    } catch (RuntimeException | Error e) {
      placements.release();
      throw e;
    }
  }

  private static NDList prepared(NDList inputs, Placed there, NDArray gates, NDManager manager) {
    // The engine gives its results to the manager of the first array, and looks at its name alone.
    NDArray selector = manager.create(new Shape(), DataType.FLOAT32);
    selector.setName(METHOD + ScriptNames.CAPTURE);
    NDList all = new NDList(inputs.size() + 3);
    all.add(selector);
    all.add(there.weights());
    all.add(gates);
    all.addAll(inputs);
    return all;
  }

  private Placed place(NDManager near) {
    NDManager manager =
        NDManager.newBaseManager(near.getDevice(), near.getEngine().getEngineName());
    float[] weights = script.weights();
    return new Placed(
        manager, manager.create(weights, new Shape(weights.length)), new ConcurrentHashMap<>());
  }

  /** Frees what {@link #prepare} made for one inference, whether it went well or not. */
  public void release(NDList prepared) {
    try {
      NDArray gates = prepared.get(GATES);
      if (gates.getManager() == prepared.get(0).getManager()) {
        gates.close();
      }
      prepared.get(0).close();
    } finally {
      placements.release();
    }
  }

  /**
   * Takes the reading out of the outputs.
   *
   * @param outputs of the capture method: what is hidden is removed and closed
   * @return null when there is none
   */
  public @Nullable CapturedReading finish(NDList outputs, long openGates) {
    try (NDList hidden = hidden(outputs)) {
      return reading(hidden, openGates);
    }
  }

  /** First of all taken out: the application must not see them, whatever fails then. */
  private static NDList hidden(NDList outputs) {
    NDList hidden = new NDList();
    for (int i = outputs.size() - 1; i >= 0; i--) {
      String name = outputs.get(i).getName();
      if (name != null && name.startsWith(ScriptNames.OUTPUTS)) {
        hidden.add(outputs.remove(i));
      }
    }
    return hidden;
  }

  private @Nullable CapturedReading reading(NDList hidden, long openGates) {
    float[] values = null;
    Map<String, SignalRefusal> refusals = new HashMap<>();
    for (NDArray output : hidden) {
      String name = output.getName();
      if (name.equals(ScriptNames.READING)) {
        values = output.toFloatArray();
      } else if (name.startsWith(ScriptNames.MISFIT)) {
        misfit(name, output, refusals);
      }
    }
    int columns = script.layout().columns();
    return values == null
        ? null
        : new CapturedReading(values, values.length / columns, openGates, refusals);
  }

  private void misfit(String name, NDArray shape, Map<String, SignalRefusal> refusals) {
    int unit = Integer.parseInt(name.substring(ScriptNames.MISFIT.length()));
    String found = shape.isEmpty() ? "no call of the module" : Arrays.toString(shape.toLongArray());
    for (Signal signal : script.units().get(unit)) {
      refusals.put(
          signal.id(),
          SignalRefusal.of(
              Reason.NO_HOOK_POINT,
              signal,
              "expected " + SignalNeeds.expected(signal) + ", found " + found));
    }
  }

  /** Nothing begins any more; what inferences under way need is freed with the last of them. */
  @Override
  public void close() {
    placements.close();
  }
}
