package io.innerspan.extension.canary;

import io.innerspan.extension.canary.CanarySuite.OfPack;
import io.innerspan.recorder.ModelTelemetry;
import io.innerspan.semconv.CanaryOutcome;
import io.innerspan.semconv.CanaryReference;
import io.innerspan.signals.pack.GoldenReading.Deviation;
import java.util.logging.Logger;

/** Tells of canaries: metrics for all; a finding, and a line when one begins to deviate. */
final class CanaryTold implements CanaryListener {
  private static final Logger LOGGER = Logger.getLogger(CanaryTold.class.getName());

  private final String model;
  private final ModelTelemetry telemetry;

  CanaryTold(String model, ModelTelemetry telemetry) {
    this.model = model;
    this.telemetry = telemetry;
  }

  @Override
  public void agreed(OfPack canary) {
    telemetry.canaryReplayed(canary.canary().kind(), CanaryOutcome.AGREED);
  }

  @Override
  public void compared(OfPack canary, CanaryReference reference, Deviation deviation) {
    telemetry.canaryCompared(canary.canary().kind(), reference, deviation.size());
  }

  @Override
  public void moved(OfPack canary, CanaryReference reference, Deviation deviation, boolean again) {
    telemetry.canaryReplayed(canary.canary().kind(), CanaryOutcome.MOVED);
    telemetry.canaryMoved(canary.canary(), canary.pack(), reference, deviation);
    if (!again) {
      LOGGER.warning(
          "Innerspan: canary "
              + canary.canary().id()
              + " ("
              + canary.canary().kind().label()
              + ") of "
              + model
              + " does not give its "
              + reference.value()
              + " reading any more: "
              + deviation);
    }
  }

  @Override
  public void failed(OfPack canary, String detail, boolean again) {
    telemetry.canaryReplayed(canary.canary().kind(), CanaryOutcome.FAILED);
    if (!again) {
      LOGGER.warning(
          "Innerspan: canary "
              + canary.canary().id()
              + " of "
              + model
              + " could not be replayed: "
              + detail);
    }
  }
}
