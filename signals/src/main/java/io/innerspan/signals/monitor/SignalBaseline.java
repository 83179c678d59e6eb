package io.innerspan.signals.monitor;

import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.drift.Baseline;
import java.util.regex.Pattern;

/**
 * The baseline of one value of a model's readings.
 *
 * @param id unique in its pack: {@code [a-z][a-z0-9_]*}
 * @param value what it is of
 * @param model the SHA-256 of the model that gave the readings, in lowercase hexadecimal
 * @param baseline their distribution
 */
public record SignalBaseline(String id, Watched value, String model, Baseline baseline) {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  public SignalBaseline {
    MonitorChecks.id("id", id);
    if (!SHA256.matcher(model).matches()) {
      throw new InvalidValueException(
          "model", "64 lowercase hexadecimal digits", "'" + model + "'");
    }
  }
}
