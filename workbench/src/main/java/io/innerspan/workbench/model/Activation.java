package io.innerspan.workbench.model;

import io.innerspan.signals.safetensors.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * What a model held at one hook point for a batch.
 *
 * @param values 32-bit floats, the batch first
 * @param layout what the dimensions mean
 */
public record Activation(Tensor values, Layout layout) {
  /** What the dimensions of an activation mean. */
  public enum Layout {
    /** {@code [batch, width]}: one row for each input. */
    ROWS,
    /** {@code [batch, tokens, width]}. */
    TOKENS,
    /** {@code [batch, channels, ...]}: a position of an image or a signal has all channels. */
    CHANNELS
  }

  /** The values of each position. */
  public int width() {
    return Math.toIntExact(values.dim(layout == Layout.TOKENS ? 2 : 1));
  }

  /** The positions of each input. */
  public int positions() {
    return switch (layout) {
      case ROWS -> 1;
      case TOKENS -> Math.toIntExact(values.dim(1));
      case CHANNELS -> {
        long positions = 1;
        for (int axis = 2; axis < values.rank(); axis++) {
          positions = Math.multiplyExact(positions, values.dim(axis));
        }
        yield Math.toIntExact(positions);
      }
    };
  }

  /**
   * Chosen positions of one input, {@code [chosen, width]} in little-endian order.
   *
   * @param item the input's index in the batch
   */
  public ByteBuffer rows(int item, int[] chosen) {
    int width = width();
    int positions = positions();
    FloatBuffer all = values.data().asFloatBuffer();
    ByteBuffer rows =
        ByteBuffer.allocate(Math.multiplyExact(chosen.length * width, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    int begin = item * positions * width;
    for (int position : chosen) {
      for (int d = 0; d < width; d++) {
        int at = layout == Layout.CHANNELS ? d * positions + position : position * width + d;
        rows.putFloat(all.get(begin + at));
      }
    }
    return rows.flip();
  }
}
