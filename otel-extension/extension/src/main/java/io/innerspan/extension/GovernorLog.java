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
  public void shed(int gate, List<String> signals, Reason reason, double rate) {
    LOGGER.info(
        "Innerspan: "
            + String.join(", ", signals)
            + " of "
            + name
            + (rate > 0 ? " computed for " + rate * 100 + " % of inferences" : " left out")
            + " for now, because of the "
            + reason.name().toLowerCase(Locale.ROOT));
    telemetry.shed(signals, SheddingReason.valueOf(reason.name()), rate);
  }

  @Override
  public void restored(int gate, List<String> signals) {
    LOGGER.info("Innerspan: " + String.join(", ", signals) + " of " + name + " computed as before");
    telemetry.restored(signals);
  }

  @Override
  public void measured(int gate, List<String> signals, double cost) {
    telemetry.cost(signals, cost / signals.size()); // Behind one gate they cannot be told apart.
  }
}
