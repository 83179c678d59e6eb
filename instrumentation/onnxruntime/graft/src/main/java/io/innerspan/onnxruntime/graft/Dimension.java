package io.innerspan.onnxruntime.graft;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One dimension of a tensor.
 *
 * @param size the fixed size, or -1 when it is decided at run time
 * @param symbol the name that the model gives a size decided at run time, such as {@code
 *     batch_size}, or null
 */
public record Dimension(long size, @Nullable String symbol) {
  static final Dimension UNKNOWN = new Dimension(-1, null);

  static Dimension fixed(long size) {
    return new Dimension(size, null);
  }

  /** The dimensions of a shape that is fixed as a whole. */
  static List<Dimension> fixed(long[] sizes) {
    List<Dimension> result = new ArrayList<>();
    for (long size : sizes) {
      result.add(fixed(size));
    }
    return result;
  }

  static Dimension symbolic(String symbol) {
    return new Dimension(-1, symbol);
  }

  /** Whether the size is fixed in the model. */
  public boolean isFixed() {
    return size >= 0;
  }

  /** The size, the symbol, or {@code ?}. */
  @Override
  public String toString() {
    if (isFixed()) {
      return Long.toString(size);
    }
    return symbol == null ? "?" : symbol;
  }
}
