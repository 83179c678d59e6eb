package io.innerspan.extension.canary;

import io.innerspan.recorder.ModelTelemetry;
import io.innerspan.semconv.CanaryOutcome;
import io.innerspan.semconv.CanaryReference;
import io.innerspan.signals.pack.Canary;
import io.innerspan.signals.pack.GoldenReading.Deviation;
import java.util.logging.Logger;

/** Tells of canaries: metrics for all, a line when one begins to deviate. */
final class CanaryTold implements CanaryListener {
  private static final Logger LOGGER = Logger.getLogger(CanaryTold.class.getName());

  private final String model;
  private final ModelTelemetry telemetry;

  CanaryTold(String model, ModelTelemetry telemetry) {
    this.model = model;
    this.telemetry = telemetry;
  }

  @Override
  public void agreed(Canary canary) {
    telemetry.canaryReplayed(canary.kind(), CanaryOutcome.AGREED);
  }

  @Override
  public void compared(Canary canary, CanaryReference reference, Deviation deviation) {
    telemetry.canaryCompared(canary.kind(), reference, deviation.size());
  }

  @Override
  public void moved(Canary canary, CanaryReference reference, Deviation deviation, boolean again) {
    telemetry.canaryReplayed(canary.kind(), CanaryOutcome.MOVED);
    if (!again) {
      LOGGER.warning(
          "Innerspan: canary "
              + canary.id()
              + " ("
              + canary.kind().label()
              + ") of "
              + model
              + " does not give its "
              + reference.value()
              + " reading any more: "
              + deviation);
    }
  }

  @Override
  public void failed(Canary canary, String detail, boolean again) {
    telemetry.canaryReplayed(canary.kind(), CanaryOutcome.FAILED);
    if (!again) {
      LOGGER.warning(
          "Innerspan: canary "
              + canary.id()
              + " of "
              + model
              + " could not be replayed: "
              + detail);
    }
  }
}
