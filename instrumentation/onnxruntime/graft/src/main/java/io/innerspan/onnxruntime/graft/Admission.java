package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.SignalRefusal.Reason;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.MlpProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides whether a signal can be compiled into a model, and says why not. */
final class Admission {
  /** Where, OneHot and ConstantOfShape exist from here on. */
  static final int MIN_OPSET = 9;

  /** What a Slice takes off can be computed from here on. */
  private static final int SLICE_INPUTS = 10;

  private static final String SHAPES = "expected [batch, tokens, width] or [batch, width], found ";

  private final OnnxModel model;
  private final Set<String> excludedTaps;

  /**
   * @param excludedTaps tensors that must not be tapped
   */
  Admission(OnnxModel model, Set<String> excludedTaps) {
    this.model = model;
    this.excludedTaps = excludedTaps;
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
        return new SignalRefusal(Reason.NO_HOOK_POINT, model.missing(hookPoint));
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
    SignalRefusal tokens = isPerToken(tap) ? tokensRefusal(signal, tap) : null;
    return tokens != null ? tokens : signalRefusal(signal, tap);
  }

  private @Nullable SignalRefusal tokensRefusal(Signal signal, TapPoint tap) {
    TokenSources.Result tokens = model.tokens(tap);
    if (tokens.source() == null) {
      Reason reason = tokens.withoutMask() ? Reason.NO_ATTENTION_MASK : Reason.UNSUPPORTED;
      return refused(reason, signal, String.valueOf(tokens.refusal()));
    }
    String detail = maskRefusal(tap.tensor(), tokens.source());
    return detail == null ? null : refused(Reason.UNSUPPORTED, signal, detail);
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

  /** Whether a tap has tokens or positions, and not one activation per row. */
  static boolean isPerToken(TapPoint tap) {
    return tap.perToken();
  }

  private static @Nullable String shapeRefusal(TapPoint tap) {
    return tap.perToken() || tap.layout() == TapPoint.Layout.ROWS
        ? null
        : SHAPES + tap.tensor().shapeText();
  }

  private @Nullable String maskRefusal(TensorInfo tensor, TokenSource tokens) {
    if (tokens.last() && model.opset() < SLICE_INPUTS) {
      return "the attention mask of a cache needs operator set "
          + SLICE_INPUTS
          + ", the model has "
          + model.opset();
    }
    List<Dimension> shape = tensor.shape();
    List<Dimension> maskShape = tokens.mask() == null ? null : tokens.mask().shape();
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
      long width = tap.width();
      if (width >= 0 && width != probe.width()) {
        return refused(
            Reason.NO_HOOK_POINT,
            signal,
            "expected an activation of width " + probe.width() + ", found " + width);
      }
      String detail = refusal(probe, isPerToken(tap));
      return detail == null ? null : refused(Reason.UNSUPPORTED, signal, detail);
    }
    return signal instanceof ActivationSummary summary
            && summary.statistics().equals(Set.of(ActivationSummary.Statistic.L2_NORM))
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
        ? TokenRows.refusal(pooling, model.opset())
        : LogitPoolingGraph.refusal(pooling, model.opset());
  }
}
