package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.HookPoint;

/**
 * A place in a model where a run may change the activation.
 *
 * @param hookPoint a TransformerLens name, {@code blocks.{l}.attn.hook_z} among them, or the name
 *     of a tensor
 * @param edit what a run may do there
 */
public record Site(HookPoint hookPoint, Edit edit) {

  /** What a run may do to an activation. */
  public enum Edit {
    /** Put other values in place of selected ones: patching and ablation. */
    REPLACE,
    /** Add to selected values: steering. */
    ADD
  }

  /** A place where a run may patch or ablate. */
  public static Site replace(String hookPoint) {
    return new Site(new HookPoint(hookPoint), Edit.REPLACE);
  }

  /** A place where a run may steer. */
  public static Site add(String hookPoint) {
    return new Site(new HookPoint(hookPoint), Edit.ADD);
  }

  @Override
  public String toString() {
    return hookPoint + " (" + (edit == Edit.ADD ? "add" : "replace") + ")";
  }
}
