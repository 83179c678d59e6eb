package io.innerspan.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one inference: which are real, for the engine and for Java, each made only if it is
 * asked for.
 */
final class BlockTokens {
  private final NDManager manager;
  private final @Nullable NDArray mask;
  private final Shape shape;
  private @Nullable NDArray real;
  private @Nullable TokenRows rows;

  /**
   * @param mask {@code [batch, tokens]}, 0 at padding, of the application: not changed; null where
   *     every position is real
   * @param batch the rows, where there is no mask
   * @param manager to which what is made belongs
   */
  BlockTokens(@Nullable NDArray mask, long batch, NDManager manager) {
    this.mask = mask;
    this.shape = mask == null ? new Shape(batch, 1) : mask.getShape();
    this.manager = manager;
  }

  /** {@code [batch, tokens]}; without a mask {@code [batch, 1]}. */
  Shape shape() {
    return shape;
  }

  /** Whether tokens are told from padding; else every position is real. */
  boolean isMasked() {
    return mask != null;
  }

  /** Which are real, boolean, of the {@link #shape}. */
  NDArray real() {
    NDArray known = real;
    if (known == null) {
      known = mask == null ? manager.ones(shape).neq(0) : mask.neq(0);
      known.attach(manager);
      real = known;
    }
    return known;
  }

  /** The same in Java. */
  TokenRows rows() {
    TokenRows known = rows;
    if (known == null) {
      known = new TokenRows(flags(), shape, manager);
      rows = known;
    }
    return known;
  }

  private boolean[] flags() {
    boolean[] flags = new boolean[(int) shape.size()];
    if (mask == null) {
      Arrays.fill(flags, true);
      return flags;
    }
    switch (mask.getDataType()) {
      case INT64 -> {
        long[] values = mask.toLongArray();
        for (int i = 0; i < flags.length; i++) {
          flags[i] = values[i] != 0;
        }
      }
      case FLOAT32 -> {
        float[] values = mask.toFloatArray();
        for (int i = 0; i < flags.length; i++) {
          flags[i] = values[i] != 0;
        }
      }
      case BOOLEAN -> {
        return mask.toBooleanArray();
      }
      default -> {
        return real().toBooleanArray();
      }
    }
    return flags;
  }
}
