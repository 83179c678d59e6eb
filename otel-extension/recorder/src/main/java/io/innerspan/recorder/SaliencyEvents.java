package io.innerspan.recorder;

import io.innerspan.semconv.InnerspanEvents;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.context.Context;
import io.opentelemetry.javaagent.innerspan.bridge.Saliency;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Reports what scores are owed to as events. */
final class SaliencyEvents {
  private static final Severity SEVERITY =
      Severity.valueOf(InnerspanEvents.SALIENCY_EXPLAINED_SEVERITY);

  private static final int MOST_PARTS = 10;

  /**
   * Reports an explanation.
   *
   * @param model attributes of its events
   * @param context of the inference
   */
  static void emit(Logger logger, Attributes model, Context context, Saliency saliency) {
    double[] parts = saliency.parts();
    List<Integer> largest =
        IntStream.range(0, parts.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer part) -> -Math.abs(parts[part])))
            .limit(MOST_PARTS)
            .toList();
    LogRecordBuilder event =
        logger
            .logRecordBuilder()
            .setContext(context)
            .setEventName(InnerspanEvents.SALIENCY_EXPLAINED)
            .setSeverity(SEVERITY)
            .setAllAttributes(model)
            .setAttribute(Keys.EVENT_NAME, InnerspanEvents.SALIENCY_EXPLAINED)
            .setAttribute(Keys.SALIENCY_METHOD, saliency.method())
            .setAttribute(Keys.SALIENCY_BASELINE, saliency.baseline())
            .setAttribute(Keys.SALIENCY_UNIT, saliency.tokens() ? "token" : "feature")
            .setAttribute(Keys.SALIENCY_PART_COUNT, (long) parts.length)
            .setAttribute(
                Keys.SALIENCY_POSITIONS, largest.stream().map(Integer::longValue).toList())
            .setAttribute(Keys.SALIENCY_VALUES, largest.stream().map(part -> parts[part]).toList())
            .setAttribute(Keys.SALIENCY_SCORE, saliency.score())
            .setAttribute(Keys.SALIENCY_BASELINE_SCORE, saliency.baselineScore())
            .setAttribute(Keys.SALIENCY_CLASS, (long) saliency.target())
            .setAttribute(Keys.BATCH_ROW, (long) saliency.row());
    if (Double.isFinite(saliency.completenessError())) {
      event.setAttribute(Keys.SALIENCY_COMPLETENESS_ERROR, saliency.completenessError());
    }
    event.emit();
  }

  private SaliencyEvents() {}
}
