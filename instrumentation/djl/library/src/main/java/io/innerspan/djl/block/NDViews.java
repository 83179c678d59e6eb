package io.innerspan.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;

/** Arrays of ours that show those of the application, which stay where they are. */
final class NDViews {
  private static final int CHANNELS = 4;

  /** An array of ours with the same values: the application's stays where it is. */
  static NDArray own(NDManager manager, NDArray x) {
    return attached(manager, x.reshape(x.getShape()));
  }

  /** The same as {@code [batch, tokens, width]}, 32 bits; images' positions are tokens. */
  static NDArray view(NDManager manager, NDArray x) {
    NDArray view =
        switch (x.getShape().dimension()) {
          case 2 -> attached(manager, x.expandDims(1));
          case CHANNELS -> attached(manager, x.flatten(2, 3)).transpose(0, 2, 1);
          default -> own(manager, x);
        };
    return view.toType(DataType.FLOAT32, false);
  }

  private static NDArray attached(NDManager manager, NDArray array) {
    array.attach(manager);
    return array;
  }

  /** The real ones of an activation's positions. */
  static NDArray real(NDManager manager, NDArray real, NDArray view) {
    long positions = view.getShape().get(1);
    if (positions == real.getShape().get(1)) {
      return real;
    }
    return positions == 1
        ? rows(manager, real)
        : attached(manager, real.broadcast(real.getShape().get(0), positions));
  }

  /** Which rows have a real token: {@code [batch, 1]}. */
  static NDArray rows(NDManager manager, NDArray real) {
    NDArray numbers = attached(manager, real.toType(DataType.FLOAT32, false));
    return numbers.max(new int[] {1}, true).gt(0);
  }

  private NDViews() {}
}
