package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.HookPoint;

/**
 * A place in a model where an activation can be read.
 *
 * @param hookPoint the place's address: a TransformerLens name, or the tensor's own name
 * @param tensor the tensor that holds the activation
 * @param layout what the dimensions mean
 * @param safety what reading it does to the optimisations of ONNX Runtime
 * @param breaksFusion whether a fused operator of ONNX Runtime may be lost by reading it: slower,
 *     and maybe with other bits
 * @param note why the safety is what it is, and what to tap instead where something is better
 */
public record TapPoint(
    HookPoint hookPoint,
    TensorInfo tensor,
    Layout layout,
    Safety safety,
    boolean breaksFusion,
    String note) {

  /** What the dimensions of an activation mean. */
  public enum Layout {
    /** {@code [batch, width]}: counts as one token per row. */
    ROWS,
    /** {@code [batch, tokens, width]}. */
    TOKENS,
    /** {@code [batch, channels, ...]} with positions of an image or a signal last. */
    CHANNELS,
    /** Attention probabilities {@code [batch, heads, queries, keys]}. */
    PATTERN,
    /** Anything else, or unknown. */
    OTHER
  }

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
  static TapPoint of(
      HookPoint hookPoint,
      TensorInfo tensor,
      Layout layout,
      Safety safety,
      boolean breaksFusion,
      String note) {
    boolean half = tensor.type() == ElementType.FLOAT16 || tensor.type() == ElementType.BFLOAT16;
    if (half && safety == Safety.SAFE) {
      // Seen on versions 1.12 to 1.20: without the tap a value stays unrounded between operators.
      String reason = "half precision: the runtime may convert elsewhere";
      return new TapPoint(hookPoint, tensor, layout, Safety.CAUTION, false, reason);
    }
    return new TapPoint(hookPoint, tensor, layout, safety, breaksFusion, note);
  }

  /** The same place under another address. */
  TapPoint as(HookPoint address) {
    return new TapPoint(address, tensor, layout, safety, breaksFusion, note);
  }

  /** Whether signals may be compiled here. */
  public boolean usable() {
    return safety != Safety.UNSAFE;
  }

  /** The number of values per token, position or row; -1 when unknown. */
  public long width() {
    return layout == Layout.CHANNELS && tensor.shape() != null
        ? tensor.shape().get(1).size()
        : tensor.width();
  }

  /** Whether there is more than one token or position per row. */
  public boolean perToken() {
    return layout == Layout.TOKENS || layout == Layout.CHANNELS;
  }
}
