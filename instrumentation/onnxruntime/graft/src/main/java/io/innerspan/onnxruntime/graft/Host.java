package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.SignalRefusal.Reason;
import io.innerspan.signals.Signal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model that signals are to be compiled into: what a kind of signal asks of it before.
 *
 * @param model the model's structure
 * @param mask the input that tells real tokens from padding, or null
 * @param ids the input of token ids, or null
 */
record Host(OnnxModel model, @Nullable TensorInfo mask, @Nullable TensorInfo ids) {
  private static final String SHAPES = "expected [batch, tokens, width] or [batch, width], found ";

  static Host of(OnnxModel model) {
    return new Host(
        model,
        input(model, MaskFinder.find(model.inputs())),
        input(model, IdsFinder.find(model.inputs())));
  }

  private static @Nullable TensorInfo input(OnnxModel model, @Nullable String name) {
    for (TensorInfo input : model.inputs()) {
      if (input.name().equals(name)) {
        return input;
      }
    }
    return null;
  }

  long opset() {
    return model.opset();
  }

  /** A refusal of what is there but not supported. */
  static SignalRefusal unsupported(Signal signal, String detail) {
    return new SignalRefusal(Reason.UNSUPPORTED, signal.hookPoint() + ": " + detail);
  }

  /** The refusal for a detail, or null without one. */
  static @Nullable SignalRefusal unsupportedIf(Signal signal, @Nullable String detail) {
    return detail == null ? null : unsupported(signal, detail);
  }

  /** Whether a tap is {@code [batch, tokens, width]}. */
  static boolean isPerToken(TapPoint tap) {
    // The places in a layer are per token, also where an operator hides the shape.
    return tap.tensor().rank() == 3 || tap.tensor().rank() < 0;
  }

  /**
   * Why a tap is no activation of tokens or rows that the signal could read, or null.
   *
   * @param width the width that the activation must have where it is known, or -1 for any
   */
  @Nullable SignalRefusal activationRefusal(Signal signal, TapPoint tap, long width) {
    int rank = tap.tensor().rank();
    boolean named = !tap.hookPoint().name().equals(tap.tensor().name());
    if (rank != 2 && rank != 3 && !(rank < 0 && named)) {
      return unsupported(signal, SHAPES + tap.tensor().shapeText());
    }
    SignalRefusal refusal = isPerToken(tap) ? tokensRefusal(signal, tap) : null;
    if (refusal != null) {
      return refusal;
    }
    long found = tap.tensor().width();
    return width < 0 || found < 0 || found == width
        ? null
        : new SignalRefusal(
            Reason.NO_HOOK_POINT,
            signal.hookPoint() + ": expected an activation of width " + width + ", found " + found);
  }

  /** Why the tokens of a tap cannot be told from padding, or those that take part, or null. */
  @Nullable SignalRefusal tokensRefusal(Signal signal, TapPoint tap) {
    if (mask == null) {
      return new SignalRefusal(
          Reason.NO_ATTENTION_MASK,
          signal.hookPoint()
              + ": no attention mask: the model has no single input such as attention_mask or"
              + " input_mask");
    }
    if (MaskFinder.hasCache(model.inputs())) {
      return unsupported(
          signal, "the attention mask spans cached tokens too, expected a model without a cache");
    }
    if (tokensFirst(tap.tensor().shape(), mask.shape())) {
      return unsupported(
          signal,
          "expected [batch, tokens, width], found the tokens first: " + tap.tensor().shapeText());
    }
    return signal.tokens().isAll() ? null : idsRefusal(signal);
  }

  /** Why tokens cannot be told by their ids, or null. */
  @Nullable SignalRefusal idsRefusal(Signal signal) {
    return ids != null
        ? null
        : unsupported(
            signal, "no token ids: the model has no single integer input such as input_ids");
  }

  private static boolean tokensFirst(
      @Nullable List<Dimension> shape, @Nullable List<Dimension> mask) {
    if (shape == null || mask == null) {
      return false;
    }
    String batch = mask.get(0).symbol();
    String tokens = mask.get(1).symbol();
    return batch != null
        && tokens != null
        && !batch.equals(tokens)
        && tokens.equals(shape.get(0).symbol())
        && batch.equals(shape.get(1).symbol());
  }
}
