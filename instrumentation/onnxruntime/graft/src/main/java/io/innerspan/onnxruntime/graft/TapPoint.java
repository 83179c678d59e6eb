package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.HookPoint;

/**
 * A place in a model where an activation can be read.
 *
 * @param hookPoint the place's address: a TransformerLens name, or the tensor's own name
 * @param tensor the tensor that holds the activation
 * @param safety what reading it does to the optimisations of ONNX Runtime
 * @param note why the safety is what it is, and what to tap instead where something is better
 */
public record TapPoint(HookPoint hookPoint, TensorInfo tensor, Safety safety, String note) {

  /** What reading a tensor does to the application's own outputs. */
  public enum Safety {
    /** The optimised graph stays the same. */
    SAFE,
    /** A fusion may be lost, so bits may change; certification on the live session decides. */
    CAUTION,
    /** A fusion is lost: signals here are refused. */
    UNSAFE
  }

  /** A tap of which the note holds, unless half precision makes it less safe. */
  static TapPoint of(HookPoint hookPoint, TensorInfo tensor, Safety safety, String note) {
    boolean half = tensor.type() == ElementType.FLOAT16 || tensor.type() == ElementType.BFLOAT16;
    if (half && safety == Safety.SAFE) {
      // Seen on versions 1.12 to 1.20: without the tap a value stays unrounded between operators.
      String reason = "half precision: the runtime may convert elsewhere";
      return new TapPoint(hookPoint, tensor, Safety.CAUTION, reason);
    }
    return new TapPoint(hookPoint, tensor, safety, note);
  }

  /** Whether signals may be compiled here. */
  public boolean usable() {
    return safety != Safety.UNSAFE;
  }
}
