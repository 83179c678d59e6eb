package io.innerspan.workbench.store;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/** Looks for values that are no numbers. */
final class Finite {
  private static final int CHUNK = 4096;
  private static final int EXPONENT = 0x7f80_0000;
  private static final int LOWEST_EXPONENT_BIT = 0x0080_0000;

  /** Whether every 32-bit float of a buffer, position to limit, is finite. */
  static boolean all(ByteBuffer values) {
    IntBuffer bits = values.slice().order(values.order()).asIntBuffer();
    int[] chunk = new int[Math.min(CHUNK, bits.remaining())];
    int all = 0;
    while (bits.hasRemaining()) {
      int length = Math.min(chunk.length, bits.remaining());
      bits.get(chunk, 0, length);
      for (int i = 0; i < length; i++) {
        // An exponent of ones runs over into the sign; such a loop the compiler makes wide.
        all |= (chunk[i] & EXPONENT) + LOWEST_EXPONENT_BIT;
      }
    }
    return all >= 0;
  }

  /** The first value that is not finite. */
  static float first(ByteBuffer values) {
    FloatBuffer floats = values.slice().order(values.order()).asFloatBuffer();
    while (floats.hasRemaining()) {
      float value = floats.get();
      if (!Float.isFinite(value)) {
        return value;
      }
    }
    throw new IllegalArgumentException("every value is finite");
  }

  private Finite() {}
}
