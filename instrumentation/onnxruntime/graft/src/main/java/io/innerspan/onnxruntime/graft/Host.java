package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.SignalRefusal.Reason;
import io.innerspan.signals.Signal;
import io.innerspan.signals.TokenSelection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model that signals are to be compiled into: what a kind of signal asks of it before.
 *
 * @param model the model's structure
 * @param ids the input of token ids, or null
 */
record Host(OnnxModel model, @Nullable TensorInfo ids) {
  /** What a Slice takes off can be computed from here on. */
  static final int SLICE_INPUTS = 10;

  private static final String HINT =
      "; where no application pads, \"mask\": \"none\" in the pack takes every token for real";

  private static final String SHAPES = "expected [batch, tokens, width] or [batch, width], found ";

  static Host of(OnnxModel model) {
    return new Host(model, IdsFinder.find(model.inputs()));
  }

  long opset() {
    return model.opset();
  }

  /** A refusal of what is there but not supported. */
  static SignalRefusal unsupported(Signal signal, String detail) {
    return refused(Reason.UNSUPPORTED, signal, detail);
  }

  /** The refusal for a detail, or null without one. */
  static @Nullable SignalRefusal unsupportedIf(Signal signal, @Nullable String detail) {
    return detail == null ? null : unsupported(signal, detail);
  }

  private static SignalRefusal refused(Reason reason, Signal signal, String detail) {
    return new SignalRefusal(reason, signal.hookPoint() + ": " + detail);
  }

  /**
   * Why a tap is no activation of tokens or rows that the signal could read, or null.
   *
   * @param width the width that the activation must have where it is known, or -1 for any
   */
  @Nullable SignalRefusal activationRefusal(Signal signal, TapPoint tap, long width) {
    if (!tap.perToken() && tap.layout() != TapPoint.Layout.ROWS) {
      return unsupported(signal, SHAPES + tap.tensor().shapeText());
    }
    SignalRefusal refusal = tap.perToken() ? tokensRefusal(signal, tap) : null;
    if (refusal != null) {
      return refusal;
    }
    long found = tap.width();
    return width < 0 || found < 0 || found == width
        ? null
        : refused(
            Reason.NO_HOOK_POINT,
            signal,
            "expected an activation of width " + width + ", found " + found);
  }

  /** Why the tokens of a tap cannot be told from padding, or those that take part, or null. */
  @Nullable SignalRefusal tokensRefusal(Signal signal, TapPoint tap) {
    TokenSources.Result tokens = model.tokens(tap);
    TokenSource source = source(tap, signal.tokens());
    if (source == null) {
      Reason reason = tokens.withoutMask() ? Reason.NO_ATTENTION_MASK : Reason.UNSUPPORTED;
      return refused(reason, signal, tokens.refusal() + (tokens.withoutMask() ? HINT : ""));
    }
    if (source.last() && model.opset() < SLICE_INPUTS) {
      return unsupported(
          signal,
          "the attention mask of a cache needs operator set "
              + SLICE_INPUTS
              + ", the model has "
              + model.opset());
    }
    TensorInfo mask = source.mask();
    if (mask != null && tokensFirst(tap.tensor().shape(), mask.shape())) {
      return unsupported(
          signal,
          "expected [batch, tokens, width], found the tokens first: " + tap.tensor().shapeText());
    }
    return signal.tokens().isAll() ? null : idsRefusal(signal, tap);
  }

  /** What tells the real tokens of a tap, or null when nothing does and the pack does not say. */
  @Nullable TokenSource source(TapPoint tap, TokenSelection tokens) {
    TokenSources.Result found = model.tokens(tap);
    return found.source() == null && found.withoutMask() && tokens.allReal()
        ? new TokenSource(null, false)
        : found.source();
  }

  /** Why the tokens of a tap cannot be told by their ids, or null. */
  @Nullable SignalRefusal idsRefusal(Signal signal, TapPoint tap) {
    if (ids == null) {
      return unsupported(
          signal, "no token ids: the model has no single integer input such as input_ids");
    }
    TokenSource source = source(tap, signal.tokens());
    boolean named = source != null && (source.mask() != null || model.tokens(tap).source() == null);
    return named && tap.layout() != TapPoint.Layout.CHANNELS
        ? null
        : unsupported(signal, "ids tell tokens, these are other positions");
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
