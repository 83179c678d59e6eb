package io.innerspan.extension;

import io.innerspan.recorder.ModelTelemetry;
import io.innerspan.semconv.RefusalReason;
import java.util.Map;
import java.util.Set;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * The signals that a model cannot give.
 *
 * @param details by signal id, why, for people
 */
record SignalRefusals(Map<String, String> details) {
  private static final Logger LOGGER = Logger.getLogger(SignalRefusals.class.getName());

  /** Logs and counts each. */
  void tell(String model, ModelTelemetry telemetry) {
    details.forEach(
        (signal, detail) -> {
          telemetry.tapDropped(reason(detail));
          LOGGER.warning("Innerspan: signal " + signal + " is not read on " + model + ": " + detail);
        });
  }

  /** The reason that all of them share, or that no signal is left. */
  RefusalReason common() {
    Set<RefusalReason> reasons =
        details.values().stream().map(SignalRefusals::reason).collect(Collectors.toSet());
    return reasons.size() == 1 ? reasons.iterator().next() : RefusalReason.NO_SIGNAL;
  }

  private static RefusalReason reason(String detail) {
    if (detail.contains("no attention mask")) {
      return RefusalReason.NO_ATTENTION_MASK;
    }
    boolean place =
        detail.contains("no hook point") || detail.contains("expected an activation of width");
    return place ? RefusalReason.NO_HOOK_POINT : RefusalReason.OTHER;
  }
}
