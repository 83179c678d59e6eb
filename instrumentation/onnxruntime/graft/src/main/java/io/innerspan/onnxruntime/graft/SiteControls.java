package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.Intervention.Ablate;
import io.innerspan.onnxruntime.graft.Intervention.Patch;
import io.innerspan.onnxruntime.graft.Intervention.Steer;
import java.util.Arrays;
import java.util.List;

/** Makes the values of one site's added inputs. */
final class SiteControls {
  private final Site site;
  private final SiteTarget target;
  private final List<String> inputs;

  /**
   * @param inputs of a site that replaces the names of mask and values, of one that adds the name
   *     of what is added
   */
  SiteControls(Site site, SiteTarget target, List<String> inputs) {
    this.site = site;
    this.target = target;
    this.inputs = inputs;
  }

  List<String> inputs() {
    return inputs;
  }

  /** What leaves every bit of the activation as it is. */
  List<Control> inactive() {
    long[] shape = ones();
    if (site.edit() == Site.Edit.ADD) {
      // x + -0 is x for each x, also for -0, where + 0 would flip the sign's bit.
      return List.of(new Control(inputs.get(0), new float[] {-0f}, shape));
    }
    return List.of(
        new Control(inputs.get(0), new float[1], shape),
        new Control(inputs.get(1), new float[1], shape));
  }

  /**
   * What makes the intervention happen.
   *
   * @throws IllegalArgumentException when it does not fit the activation
   */
  List<Control> active(Intervention intervention) {
    if (intervention instanceof Steer steer) {
      return List.of(added(steer));
    }
    Control values =
        intervention instanceof Patch patch ? values(patch) : values((Ablate) intervention);
    long width = values.shape()[values.shape().length - 1];
    SelectionMask mask = mask(intervention.selection(), width);
    for (int axis = 0; axis < mask.shape().length; axis++) {
      long given = values.shape()[axis];
      if (given != 1 && mask.shape()[axis] != 1 && given != mask.shape()[axis]) {
        throw new IllegalArgumentException(
            site
                + ": selected among "
                + mask.shape()[axis]
                + " along axis "
                + axis
                + ", where the values have "
                + given);
      }
    }
    return List.of(new Control(inputs.get(0), mask.toFloats(), mask.shape()), values);
  }

  private Control added(Steer steer) {
    float[] direction = steer.direction();
    requireSize(target.axes().rank() - 1, direction.length);
    SelectionMask mask = mask(steer.selection(), direction.length).repeated(direction.length);
    boolean[] selected = mask.selected();
    float[] added = new float[selected.length];
    for (int i = 0; i < added.length; i++) {
      added[i] = selected[i] ? steer.strength() * direction[i % direction.length] : -0f;
    }
    return new Control(inputs.get(0), added, mask.shape());
  }

  private Control values(Patch patch) {
    long[] shape = patch.shape();
    if (target.axes().rank() >= 0 && shape.length != target.axes().rank()) {
      throw new IllegalArgumentException(
          site
              + ": expected a shape that fits "
              + target.tensor().shapeText()
              + ", found "
              + Arrays.toString(shape));
    }
    for (int axis = 0; axis < shape.length; axis++) {
      requireSize(axis, shape[axis]);
    }
    return new Control(inputs.get(1), patch.values(), shape);
  }

  private Control values(Ablate ablate) {
    float[] values = ablate.values();
    long[] shape = ones();
    shape[shape.length - 1] = values.length;
    requireSize(target.axes().rank() - 1, values.length);
    return new Control(inputs.get(1), values, shape);
  }

  private SelectionMask mask(Selection selection, long width) {
    try {
      SelectionMask mask = SelectionMask.of(selection, target, width);
      for (int axis = 0; axis < mask.shape().length; axis++) {
        requireSize(axis, mask.shape()[axis]);
      }
      return mask;
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      String prefix = site + ": ";
      throw message.startsWith(prefix) ? e : new IllegalArgumentException(prefix + message, e);
    }
  }

  private void requireSize(int axis, long found) {
    long expected = axis < 0 ? -1 : target.size(axis);
    if (found != 1 && expected >= 0 && found != expected) {
      throw new IllegalArgumentException(
          site + ": expected " + expected + " values along axis " + axis + ", found " + found);
    }
  }

  private long[] ones() {
    long[] ones = new long[Math.max(1, target.axes().rank())];
    Arrays.fill(ones, 1);
    return ones;
  }
}
