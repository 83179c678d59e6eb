package io.innerspan.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Operations on NDArrays that are noted once and run for each inference. Values have numbers: those
 * of the inputs come first.
 */
final class NDProgram {
  /** The most inputs: an activation, the one before, the real tokens and their ids. */
  static final int INPUTS = 4;

  /** An operation on values by number. */
  interface Step {
    NDArray run(NDArray[] values, NDManager manager);
  }

  /** A value that is the same for every inference. */
  private interface Constant {
    NDArray create(NDManager manager);
  }

  private record Placed(int number, Constant constant) {}

  private final List<Step> steps = new ArrayList<>();
  private final List<Placed> constants = new ArrayList<>();

  int add(Step step) {
    steps.add(step);
    return INPUTS + steps.size() - 1;
  }

  int constant(float[] values, long... shape) {
    return constant(manager -> manager.create(values, new Shape(shape)));
  }

  /** A number without axes, which leaves the type of what it meets. */
  int scalar(double value) {
    return constant(manager -> manager.create(value));
  }

  /** A whole number without axes. */
  int scalar(long value) {
    return constant(manager -> manager.create(value));
  }

  private int constant(Constant constant) {
    int slot = constants.size();
    int number = add((values, manager) -> values[values.length - 1 - slot]);
    constants.add(new Placed(number, constant));
    return number;
  }

  /** The constants on a manager's device, which live as long as the manager. */
  NDArray[] place(NDManager manager) {
    return constants.stream()
        .map(placed -> placed.constant().create(manager))
        .toArray(NDArray[]::new);
  }

  /**
   * Runs the program.
   *
   * @param manager to which everything belongs that is made on the way
   * @param placed the constants
   * @param inputs some may be null where the program does not use them
   * @return the last value, which belongs to the manager
   */
  NDArray run(NDManager manager, NDArray[] placed, NDArray... inputs) {
    NDArray[] values = new NDArray[INPUTS + steps.size() + placed.length];
    System.arraycopy(inputs, 0, values, 0, inputs.length);
    for (int i = 0; i < placed.length; i++) {
      values[values.length - 1 - i] = placed[i];
    }
    for (int i = 0; i < steps.size(); i++) {
      NDArray value = steps.get(i).run(values, manager);
      // Results follow the receiver, which may be a constant that outlives this inference.
      if (value.getManager() != manager && !isAmong(value, placed) && !isAmong(value, inputs)) {
        value.attach(manager);
      }
      values[INPUTS + i] = value;
    }
    return values[INPUTS + steps.size() - 1];
  }

  private static boolean isAmong(NDArray value, NDArray[] others) {
    for (NDArray other : others) {
      if (other == value) {
        return true;
      }
    }
    return false;
  }
}
