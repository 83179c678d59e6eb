package io.innerspan.signals.safetensors;

/** Sizes of tensors, with care for overflow. */
final class Shapes {
  /** The bytes of a tensor; −1 if a dimension is negative or the size does not fit 63 bits. */
  static long byteLength(DType dtype, long[] shape) {
    long product = dtype.bytes();
    boolean empty = false;
    boolean overflow = false;
    for (long dimension : shape) {
      if (dimension < 0) {
        return -1;
      }
      empty |= dimension == 0;
      overflow |= dimension != 0 && Math.multiplyHigh(product, dimension) != 0;
      product *= Math.max(dimension, 1);
      overflow |= product < 0;
      product = Math.max(product, 1);
    }
    // An empty tensor of absurd other dimensions is refused too: no tool could have written it.
    return overflow ? -1 : empty ? 0 : product;
  }

  private Shapes() {}
}
