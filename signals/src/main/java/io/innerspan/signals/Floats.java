package io.innerspan.signals;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Finite numbers that never change, compared by content: the weights of a signal. */
public final class Floats {
  private static final Floats NONE = new Floats(new float[0]);

  private final float[] values;

  private Floats(float[] values) {
    this.values = values;
  }

  /**
   * A copy of at least one value.
   *
   * @param what the values' name, for messages
   * @throws InvalidValueException if there is none, or one is not finite
   */
  public static Floats of(String what, float[] values) {
    return new Floats(Checks.weights(what, values));
  }

  /** No value. */
  public static Floats none() {
    return NONE;
  }

  public float get(int index) {
    return values[index];
  }

  public int size() {
    return values.length;
  }

  public boolean isEmpty() {
    return values.length == 0;
  }

  /** A copy. */
  public float[] toArray() {
    return values.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Floats that && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return values.length + " values";
  }
}
