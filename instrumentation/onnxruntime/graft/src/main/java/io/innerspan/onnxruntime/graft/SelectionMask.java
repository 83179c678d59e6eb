package io.innerspan.onnxruntime.graft;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A selection as a tensor that fits an activation.
 *
 * @param selected row-major
 * @param shape of each axis the size, or 1 where the selection does not depend on it
 */
@SuppressWarnings("ArrayRecordComponent")
record SelectionMask(boolean[] selected, long[] shape) {

  /**
   * The selection of a site's values.
   *
   * @param width the size of the last axis where the values say it, or 1
   * @throws IllegalArgumentException when the activation has no such axes or sizes
   */
  static SelectionMask of(Selection selection, SiteTarget target, long width) {
    SiteAxes axes = target.axes();
    SelectionMask mask = new SelectionMask(new boolean[] {true}, ones(Math.max(1, axes.rank())));
    mask = mask.and(selection.rows(), axes.rank() < 0 ? -1 : 0, "rows");
    mask = mask.and(selection.positions(), axes.position(), "positions");
    boolean[] heads = selection.heads();
    if (heads == null) {
      return mask;
    }
    if (axes.heads() >= 0 && heads.length != axes.heads()) {
      throw new IllegalArgumentException(
          "expected " + axes.heads() + " heads, found " + heads.length);
    }
    long last = width > 1 ? width : target.size(axes.rank() - 1);
    return mask.and(axes.merged() ? slices(heads, last) : heads, axes.head(), "heads");
  }

  /** Each head's flag as often as the head is wide. */
  private static boolean[] slices(boolean[] heads, long width) {
    if (width < 1 || width % heads.length != 0) {
      throw new IllegalArgumentException(
          "expected a width that " + heads.length + " heads share, found " + width);
    }
    boolean[] slices = new boolean[(int) width];
    for (int i = 0; i < slices.length; i++) {
      slices[i] = heads[(int) (i / (width / heads.length))];
    }
    return slices;
  }

  /** What both select, along an axis of which this mask has one element. */
  private SelectionMask and(boolean @Nullable [] chosen, int axis, String what) {
    if (chosen == null) {
      return this;
    }
    if (axis < 0) {
      throw new IllegalArgumentException("the activation has no " + what + " to select");
    }
    int inner = 1;
    for (int i = axis + 1; i < shape.length; i++) {
      inner *= (int) shape[i];
    }
    boolean[] both = new boolean[Math.multiplyExact(selected.length, chosen.length)];
    for (int i = 0; i < both.length; i++) {
      int outer = i / inner / chosen.length;
      both[i] = chosen[i / inner % chosen.length] && selected[outer * inner + i % inner];
    }
    long[] sizes = shape.clone();
    sizes[axis] = chosen.length;
    return new SelectionMask(both, sizes);
  }

  /** The same with the last axis at the given size. */
  SelectionMask repeated(int width) {
    boolean[] all = new boolean[width];
    Arrays.fill(all, true);
    int last = shape.length - 1;
    return shape[last] == width ? this : and(all, last, "values");
  }

  float[] toFloats() {
    float[] floats = new float[selected.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = selected[i] ? 1 : 0;
    }
    return floats;
  }

  private static long[] ones(int rank) {
    long[] ones = new long[rank];
    Arrays.fill(ones, 1);
    return ones;
  }
}
