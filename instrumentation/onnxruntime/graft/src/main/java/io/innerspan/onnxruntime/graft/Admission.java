package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.SignalRefusal.Reason;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.MlpProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Probe;
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
  @Nullable SignalRefusal refusal(Signal signal, @Nullable TapPoint tap) {
    if (model.opset() < MIN_OPSET) {
      return new SignalRefusal(
          Reason.UNSUPPORTED,
          "expected operator set " + MIN_OPSET + " or newer, the model has " + model.opset());
    }
    if (tap == null) {
      return new SignalRefusal(
          Reason.NO_HOOK_POINT, "the model has no hook point or tensor " + signal.hookPoint());
    }
    String detail = tapRefusal(tap);
    if (detail != null) {
      return refused(Reason.UNSUPPORTED, signal, detail);
    }
    if (isPerToken(tap) && mask == null) {
      return refused(
          Reason.NO_ATTENTION_MASK,
          signal,
          "no attention mask: the model has no single input such as attention_mask or input_mask");
    }
    detail = isPerToken(tap) ? maskRefusal(tap.tensor()) : null;
    if (detail != null) {
      return refused(Reason.UNSUPPORTED, signal, detail);
    }
    return signalRefusal(signal, tap);
  }

  private static SignalRefusal refused(Reason reason, Signal signal, String detail) {
    return new SignalRefusal(reason, signal.hookPoint() + ": " + detail);
  }

  private @Nullable String tapRefusal(TapPoint tap) {
    if (excludedTaps.contains(tap.tensor().name())) {
      return "the tap " + tap.tensor().name() + " is excluded";
    }
    if (!tap.usable()) {
      return tap.note();
    }
    if (!tap.tensor().type().isFloatingPoint()) {
      return "expected a floating-point tensor, found " + tap.tensor().type();
    }
    return shapeRefusal(tap);
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
    if (MaskFinder.hasCache(model.inputs())) {
      return "the attention mask spans cached tokens too, expected a model without a cache";
    }
    List<Dimension> shape = tensor.shape();
    List<Dimension> maskShape = mask == null ? null : mask.shape();
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

  private @Nullable SignalRefusal signalRefusal(Signal signal, TapPoint tap) {
    if (signal instanceof Probe probe) {
      long width = tap.tensor().width();
      if (width >= 0 && width != probe.width()) {
        return refused(
            Reason.NO_HOOK_POINT,
            signal,
            "expected an activation of width " + probe.width() + ", found " + width);
      }
      String detail = refusal(probe, isPerToken(tap));
      return detail == null ? null : refused(Reason.UNSUPPORTED, signal, detail);
    }
    return signal instanceof ActivationSummary
        ? null
        : refused(Reason.UNSUPPORTED, signal, "unknown kind of signal " + signal.getClass());
  }

  private @Nullable String refusal(Probe probe, boolean perToken) {
    if (probe instanceof AttentionProbe attention) {
      return perToken ? AttentionGraph.refusal(attention.rule(), model.opset()) : null;
    }
    LinearProbe linear = probe instanceof MlpProbe mlp ? mlp.readout() : (LinearProbe) probe;
    return poolingRefusal(linear.pooling(), perToken);
  }

  private @Nullable String poolingRefusal(Pooling pooling, boolean perToken) {
    if (!perToken) {
      return pooling.kind() == Pooling.Kind.EMA
          ? "pooling " + pooling + " needs an activation per token"
          : null;
    }
    return pooling.kind().ofActivations()
        ? PoolingGraph.refusal(pooling, model.opset())
        : LogitPoolingGraph.refusal(pooling, model.opset());
  }
}
