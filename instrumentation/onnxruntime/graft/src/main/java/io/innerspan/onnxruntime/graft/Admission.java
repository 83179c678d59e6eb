package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.SignalRefusal.Reason;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.MlpProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Probe;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.Signal;
import java.util.ArrayList;
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

  /**
   * Why a signal is refused, or null when it can be compiled.
   *
   * @param taps one per hook point of the signal, null where the model has no such place
   */
  @Nullable SignalRefusal refusal(Signal signal, List<@Nullable TapPoint> taps) {
    if (model.opset() < MIN_OPSET) {
      return new SignalRefusal(
          Reason.UNSUPPORTED,
          "expected operator set " + MIN_OPSET + " or newer, the model has " + model.opset());
    }
    List<TapPoint> found = new ArrayList<>();
    for (int i = 0; i < taps.size(); i++) {
      TapPoint tap = taps.get(i);
      HookPoint hookPoint = signal.hookPoints().get(i);
      if (tap == null) {
        return new SignalRefusal(
            Reason.NO_HOOK_POINT, "the model has no hook point or tensor " + hookPoint);
      }
      String detail = tapRefusal(tap);
      if (detail != null) {
        return new SignalRefusal(Reason.UNSUPPORTED, hookPoint + ": " + detail);
      }
      found.add(tap);
    }
    return placedRefusal(signal, found.get(0));
  }

  /** Of signals that look at one place. */
  private @Nullable SignalRefusal placedRefusal(Signal signal, TapPoint tap) {
    String detail = shapeRefusal(tap);
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
    return null;
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
      SignalRefusal width = widthRefusal(signal, tap, probe.width());
      if (width != null) {
        return width;
      }
      String detail = refusal(probe, isPerToken(tap));
      return detail == null ? null : refused(Reason.UNSUPPORTED, signal, detail);
    }
    if (signal instanceof SaeFeatures features) {
      SignalRefusal width = widthRefusal(signal, tap, features.sae().in());
      String detail = SaeGraph.refusal(features.sae());
      return width != null || detail == null ? width : refused(Reason.UNSUPPORTED, signal, detail);
    }
    return signal instanceof ActivationSummary summary
            && summary.statistics().equals(Set.of(ActivationSummary.Statistic.L2_NORM))
        ? null
        : refused(Reason.UNSUPPORTED, signal, "unknown kind of signal " + signal.getClass());
  }

  private static @Nullable SignalRefusal widthRefusal(Signal signal, TapPoint tap, int expected) {
    long width = tap.tensor().width();
    return width < 0 || width == expected
        ? null
        : refused(
            Reason.NO_HOOK_POINT,
            signal,
            "expected an activation of width " + expected + ", found " + width);
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
        ? TokenRows.refusal(pooling, model.opset())
        : LogitPoolingGraph.refusal(pooling, model.opset());
  }
}
