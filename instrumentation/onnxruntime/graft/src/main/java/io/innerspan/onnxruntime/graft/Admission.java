package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.ActivationNorm;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Signal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides whether a signal can be compiled into a model, and says why not. */
final class Admission {
  /** Where, OneHot and ConstantOfShape exist from here on. */
  static final int MIN_OPSET = 9;

  private static final String SHAPES = "expected [batch, tokens, width] or [batch, width], found ";

  private final OnnxModel model;
  private final Set<String> excludedTaps;
  private final @Nullable TensorInfo mask;

  /**
   * @param excludedTaps tensors that must not be tapped
   * @param mask the attention mask, or null
   */
  Admission(OnnxModel model, Set<String> excludedTaps, @Nullable TensorInfo mask) {
    this.model = model;
    this.excludedTaps = excludedTaps;
    this.mask = mask;
  }

  /** Why a signal is refused, or null when it can be compiled. */
  @Nullable String refusal(Signal signal, @Nullable TapPoint tap) {
    if (model.opset() < MIN_OPSET) {
      return "expected operator set " + MIN_OPSET + " or newer, the model has " + model.opset();
    }
    if (tap == null) {
      return "the model has no hook point or tensor " + signal.hookPoint();
    }
    String place = signal.hookPoint() + ": ";
    if (excludedTaps.contains(tap.tensor().name())) {
      return place + "the tap " + tap.tensor().name() + " is excluded";
    }
    if (!tap.usable()) {
      return place + tap.note();
    }
    if (!tap.tensor().type().isFloatingPoint()) {
      return place + "expected a floating-point tensor, found " + tap.tensor().type();
    }
    String reason = shapeRefusal(tap);
    if (reason == null && isPerToken(tap)) {
      reason = maskRefusal(tap.tensor());
    }
    if (reason == null) {
      reason = signalRefusal(signal, tap);
    }
    return reason == null ? null : place + reason;
  }

  /** Whether a tap is {@code [batch, tokens, width]}. */
  static boolean isPerToken(TapPoint tap) {
    // The places in a layer are per token, also where an operator hides the shape.
    return tap.tensor().rank() == 3 || tap.tensor().rank() < 0;
  }

  private static @Nullable String shapeRefusal(TapPoint tap) {
    int rank = tap.tensor().rank();
    boolean named = !tap.hookPoint().name().equals(tap.tensor().name());
    boolean fits = rank == 2 || rank == 3 || (rank < 0 && named);
    return fits ? null : SHAPES + tap.tensor().shapeText();
  }

  private @Nullable String maskRefusal(TensorInfo tensor) {
    if (mask == null) {
      return "no attention mask: the model has no single input such as attention_mask or input_mask";
    }
    if (MaskFinder.hasCache(model.inputs())) {
      return "the attention mask spans cached tokens too, expected a model without a cache";
    }
    List<Dimension> shape = tensor.shape();
    List<Dimension> maskShape = mask.shape();
    if (shape != null && maskShape != null && tokensFirst(shape, maskShape)) {
      return "expected [batch, tokens, width], found the tokens first: " + tensor.shapeText();
    }
    return null;
  }

  private static boolean tokensFirst(List<Dimension> shape, List<Dimension> mask) {
    String batch = mask.get(0).symbol();
    String tokens = mask.get(1).symbol();
    return batch != null
        && tokens != null
        && !batch.equals(tokens)
        && tokens.equals(shape.get(0).symbol())
        && batch.equals(shape.get(1).symbol());
  }

  private @Nullable String signalRefusal(Signal signal, TapPoint tap) {
    if (signal instanceof LinearProbe probe) {
      long width = tap.tensor().width();
      if (width >= 0 && width != probe.width()) {
        return "expected an activation of width " + probe.width() + ", found " + width;
      }
      Pooling pooling = probe.pooling();
      return isPerToken(tap) ? PoolingGraph.refusal(pooling, model.opset()) : null;
    }
    return signal instanceof ActivationNorm ? null : "unknown kind of signal " + signal.getClass();
  }
}
