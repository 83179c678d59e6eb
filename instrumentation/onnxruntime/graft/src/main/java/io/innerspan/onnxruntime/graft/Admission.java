package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.SignalRefusal.Reason;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides whether a signal can be compiled into a model, and says why not. */
final class Admission {
  /** Where, OneHot and ConstantOfShape exist from here on. */
  static final int MIN_OPSET = 9;

  private final Host host;
  private final Set<String> excludedTaps;

  /**
   * @param excludedTaps tensors that must not be tapped
   */
  Admission(Host host, Set<String> excludedTaps) {
    this.host = host;
    this.excludedTaps = excludedTaps;
  }

  /**
   * Why a signal is refused, or null when it can be compiled.
   *
   * @param taps one per hook point of the signal, null where the model has no such place
   */
  @Nullable SignalRefusal refusal(Signal signal, List<@Nullable TapPoint> taps) {
    if (host.opset() < MIN_OPSET) {
      return new SignalRefusal(
          Reason.UNSUPPORTED,
          "expected operator set " + MIN_OPSET + " or newer, the model has " + host.opset());
    }
    List<TapPoint> found = new ArrayList<>();
    for (int i = 0; i < taps.size(); i++) {
      TapPoint tap = taps.get(i);
      HookPoint hookPoint = signal.hookPoints().get(i);
      if (tap == null) {
        return new SignalRefusal(Reason.NO_HOOK_POINT, host.model().missing(hookPoint));
      }
      String detail = tapRefusal(tap);
      if (detail != null) {
        return new SignalRefusal(Reason.UNSUPPORTED, hookPoint + ": " + detail);
      }
      found.add(tap);
    }
    return SignalsGraph.refusal(new Placed(signal, found), host);
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
}
