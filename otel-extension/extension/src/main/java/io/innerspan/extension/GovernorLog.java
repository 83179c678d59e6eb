package io.innerspan.extension;

import io.innerspan.extension.governor.GovernorListener;
import io.innerspan.recorder.ModelTelemetry;
import io.innerspan.semconv.SheddingReason;
import java.util.List;
import java.util.Locale;
import java.util.logging.Logger;

/** Says in the log and in telemetry what the governor of a model does. */
final class GovernorLog implements GovernorListener {
  private static final Logger LOGGER = Logger.getLogger(GovernorLog.class.getName());

  private final String name;
  private final ModelTelemetry telemetry;

  GovernorLog(String name, ModelTelemetry telemetry) {
    this.name = name;
    this.telemetry = telemetry;
  }

  @Override
  public void shed(int gate, List<String> signals, Reason reason) {
    LOGGER.info(
        "Innerspan: "
            + String.join(", ", signals)
            + " of "
            + name
            + " left out for now, because of the "
            + reason.name().toLowerCase(Locale.ROOT));
    telemetry.shed(signals, SheddingReason.valueOf(reason.name()));
  }

  @Override
  public void restored(int gate, List<String> signals) {
    LOGGER.info("Innerspan: " + String.join(", ", signals) + " of " + name + " computed again");
    telemetry.restored(signals);
  }

  @Override
  public void measured(int gate, List<String> signals, double cost) {
    telemetry.cost(signals, cost);
  }
}
