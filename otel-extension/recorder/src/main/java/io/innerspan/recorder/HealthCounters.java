package io.innerspan.recorder;

import io.innerspan.semconv.FaultPlace;
import io.innerspan.semconv.RefusalReason;
import io.opentelemetry.api.common.Attributes;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Counts what goes wrong with us rather than with the application. Thread-safe; never throws. */
public final class HealthCounters {
  private static final Logger LOGGER = Logger.getLogger(HealthCounters.class.getName());
  private static final int LOGGED_PLACES = 32;

  private final Instruments instruments;
  private final BoundedNames logged = new BoundedNames(LOGGED_PLACES);

  HealthCounters(Instruments instruments) {
    this.instruments = instruments;
  }

  /**
   * A fault of our own was kept from the application: counted, and logged once per place.
   *
   * @param place a value of {@link FaultPlace}; any other is counted as {@link FaultPlace#OTHER}
   * @param fault what was thrown
   */
  public void fault(String place, Throwable fault) {
    try {
      instruments.faults.add(1, Attributes.of(Keys.FAULT_PLACE, FaultPlace.of(place).value()));
      if (logged.isFirst(place)) {
        LOGGER.log(
            Level.WARNING,
            "Innerspan: a fault at '"
                + place
                + "' was kept from the application; further ones there are only counted",
            fault);
      }
    } catch (Throwable ignored) {
      // There is nobody left to tell.
    }
  }

  /** A monitor, or a file of monitors, watches nothing. */
  public void monitorRefused(RefusalReason reason) {
    try {
      instruments.monitorRefusals.add(1, Attributes.of(Keys.REFUSAL_REASON, reason.value()));
    } catch (Throwable fault) {
      fault(FaultPlace.RECORD.value(), fault);
    }
  }

  /** A pack gives no reading. */
  public void packRefused(RefusalReason reason) {
    try {
      instruments.packRefusals.add(1, Attributes.of(Keys.REFUSAL_REASON, reason.value()));
    } catch (Throwable fault) {
      fault(FaultPlace.RECORD.value(), fault);
    }
  }
}
