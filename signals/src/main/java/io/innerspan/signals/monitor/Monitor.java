package io.innerspan.signals.monitor;

import java.util.List;

/** A rule over the readings of one model, or over what becomes of it. */
public sealed interface Monitor
    permits ThresholdMonitor,
        RateMonitor,
        DisagreementMonitor,
        DriftMonitor,
        SpikeMonitor,
        CanaryMonitor,
        ChangeMonitor {
  /** What it says of its findings. */
  Rule rule();

  /** What kind its findings are of. */
  FindingKind kind();

  /** The values that it watches by name; a drift monitor's are its baselines'. */
  List<Watched> watched();

  /** Its id, unique in its pack. */
  default String id() {
    return rule().id();
  }
}
