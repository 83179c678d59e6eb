package io.innerspan.signals;

import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Finite numbers that never change, compared by content: the weights of a signal. Large ones may be
 * a view of the bytes of the file that they came in, so that they are in memory once.
 */
public final class Floats {
  private static final Floats NONE = new Floats(FloatBuffer.allocate(0));

  private final FloatBuffer values;

  private Floats(FloatBuffer values) {
    this.values = values;
  }

  /**
   * A copy of at least one value.
   *
   * @param what the values' name, for messages
   * @throws InvalidValueException if there is none, or one is not finite
   */
  public static Floats of(String what, float[] values) {
    return view(what, FloatBuffer.wrap(values.clone()));
  }

  /**
   * A view of at least one value, from the buffer's position to its limit. They are not copied and
   * must not change afterwards.
   *
   * @param what the values' name, for messages
   * @throws InvalidValueException if there is none, or one is not finite
   */
  public static Floats view(String what, FloatBuffer values) {
    FloatBuffer own = values.slice().asReadOnlyBuffer();
    if (!own.hasRemaining()) {
      throw new InvalidValueException(what, "at least 1 value", "0");
    }
    for (int i = 0; i < own.limit(); i++) {
      if (!Float.isFinite(own.get(i))) {
        throw new InvalidValueException(what + "[" + i + "]", "a finite number", own.get(i));
      }
    }
    return new Floats(own);
  }

  /** No value. */
  public static Floats none() {
    return NONE;
  }

  public float get(int index) {
    return values.get(index);
  }

  public int size() {
    return values.limit();
  }

  public boolean isEmpty() {
    return size() == 0;
  }

  /** A copy. */
  public float[] toArray() {
    float[] copy = new float[size()];
    values.get(0, copy);
    return copy;
  }

  /** The values, read-only, with a position and limit of their own: no copy. */
  public FloatBuffer buffer() {
    return values.duplicate();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Floats that && values.mismatch(that.values) < 0;
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = 0; i < size(); i++) {
      // 0 and −0 are equal here, as in a buffer.
      hash = 31 * hash + Float.floatToIntBits(get(i) + 0f);
    }
    return hash;
  }

  @Override
  public String toString() {
    return size() + " values";
  }
}
