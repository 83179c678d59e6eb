package io.innerspan.djl.saliency;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;

/** One row of an inference's inputs, copied out of the engine. Immutable. */
public final class RowInputs {
  private final List<RowInput> inputs;

  private RowInputs(List<RowInput> inputs) {
    this.inputs = List.copyOf(inputs);
  }

  /**
   * How many rows inputs have.
   *
   * @throws SaliencyRefusedException when their first dimension is not a batch's
   */
  public static int rows(NDList inputs) throws SaliencyRefusedException {
    long rows = 0;
    for (NDArray input : inputs) {
      long found = input.getShape().dimension() < 1 ? 0 : input.getShape().get(0);
      if (found < 1 || found > Integer.MAX_VALUE || (rows != 0 && found != rows)) {
        throw new SaliencyRefusedException(
            "expected inputs whose first dimension is the batch, found "
                + inputs.stream().map(each -> each.getShape().toString()).toList());
      }
      rows = found;
    }
    return (int) rows;
  }

  /**
   * Copies a row.
   *
   * @param inputs with one batch dimension, as {@link #rows} tells; not changed
   */
  public static RowInputs copy(NDList inputs, int row) throws SaliencyRefusedException {
    List<RowInput> copies = new ArrayList<>();
    for (NDArray input : inputs) {
      copies.add(RowInput.copy(input, row));
    }
    return new RowInputs(copies);
  }

  /** The bytes that the copy takes. */
  public long bytes() {
    return inputs.stream().mapToLong(input -> input.bytes().length).sum();
  }

  int size() {
    return inputs.size();
  }

  RowInput get(int index) {
    return inputs.get(index);
  }

  /** The first input of floating-point numbers, or −1: then it is a model of tokens. */
  int floating() {
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).isFloating()) {
        return i;
      }
    }
    return -1;
  }

  /**
   * The input of token ids: the first of integers is what models embed, others tell of the same
   * tokens.
   *
   * @throws SaliencyRefusedException when there is none
   */
  int ids() throws SaliencyRefusedException {
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).isInteger()) {
        return i;
      }
    }
    throw new SaliencyRefusedException("expected an input of float32 or of token ids, found none");
  }

  /** The same with another input in one place. */
  RowInputs with(int index, RowInput other) {
    List<RowInput> changed = new ArrayList<>(inputs);
    changed.set(index, other);
    return new RowInputs(changed);
  }

  /** A batch of equal rows. */
  NDList repeated(NDManager manager, int times) {
    NDList all = new NDList(inputs.size());
    for (RowInput input : inputs) {
      all.add(input.repeated(manager, times));
    }
    return all;
  }
}
