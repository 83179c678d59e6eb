package io.innerspan.recorder;

import io.innerspan.recorder.Crossings.Crossing;
import io.innerspan.semconv.InnerspanEvents;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.context.Context;
import java.util.List;

/** Reports crossings of thresholds as events. */
final class CrossingEvents {
  private static final Severity SEVERITY =
      Severity.valueOf(InnerspanEvents.PROBE_THRESHOLD_CROSSED_SEVERITY);

  /**
   * Reports crossings of an inference.
   *
   * @param reported those that get an event
   * @param omitted how many get none
   */
  static void emit(
      Logger logger,
      List<Crossing> reported,
      long omitted,
      Attributes model,
      long batchSize,
      Context context) {
    for (int i = 0; i < reported.size(); i++) {
      LogRecordBuilder event = event(logger, reported.get(i), model, batchSize, context);
      if (omitted > 0 && i == reported.size() - 1) {
        event.setAttribute(Keys.OMITTED_CROSSINGS, omitted);
      }
      event.emit();
    }
  }

  /** Reports crossings of one step of a generation, whose span tells of the others. */
  static void emit(
      Logger logger,
      List<Crossing> reported,
      int step,
      Attributes model,
      long batchSize,
      Context context) {
    for (Crossing crossing : reported) {
      event(logger, crossing, model, batchSize, context)
          .setAttribute(Keys.GENERATION_STEP, (long) step)
          .emit();
    }
  }

  private static LogRecordBuilder event(
      Logger logger, Crossing crossing, Attributes model, long batchSize, Context context) {
    LogRecordBuilder event =
        logger
            .logRecordBuilder()
            .setContext(context)
            .setEventName(InnerspanEvents.PROBE_THRESHOLD_CROSSED)
            .setSeverity(SEVERITY)
            .setAllAttributes(model)
            .setAllAttributes(crossing.probe().eventAttributes())
            .setAttribute(Keys.PROBE_SCORE, crossing.score())
            .setAttribute(Keys.BATCH_ROW, (long) crossing.row());
    return batchSize < 0 ? event : event.setAttribute(Keys.BATCH_SIZE, batchSize);
  }

  private CrossingEvents() {}
}
