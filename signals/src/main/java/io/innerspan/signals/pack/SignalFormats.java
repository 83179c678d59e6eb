package io.innerspan.signals.pack;

import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.Signal;
import java.util.List;

/** Every kind of signal that a pack can hold. */
final class SignalFormats {
  private static final List<SignalFormat<?>> ALL =
      List.of(
          new LinearProbeFormat(),
          new MlpProbeFormat(),
          new AttentionProbeFormat(),
          new ActivationSummaryFormat(),
          new AttentionSummaryFormat(),
          new LayerLensFormat(),
          new SaeFeaturesFormat(),
          new OutputConfidenceFormat(),
          new PopulationDistanceFormat());

  static SignalFormat<?> named(String path, String kind) {
    for (SignalFormat<?> format : ALL) {
      if (format.kind().equals(kind)) {
        return format;
      }
    }
    throw new InvalidValueException(
        path, "one of " + ALL.stream().map(SignalFormat::kind).toList(), "'" + kind + "'");
  }

  static SignalFormat<?> of(Signal signal) {
    return ALL.stream().filter(format -> format.writes(signal)).findFirst().orElseThrow();
  }

  private SignalFormats() {}
}
