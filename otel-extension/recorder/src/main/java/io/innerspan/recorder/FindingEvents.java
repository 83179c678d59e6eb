package io.innerspan.recorder;

import io.innerspan.recorder.Origins.Origin;
import io.innerspan.semconv.InnerspanEvents;
import io.innerspan.signals.monitor.Finding;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.context.Context;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reports findings as events. */
final class FindingEvents {
  private static final Severity SEVERITY = Severity.valueOf(InnerspanEvents.FINDING_SEVERITY);

  /**
   * Reports a finding.
   *
   * @param model what every event says of the model
   * @param origin the pack that the monitor belongs to, or null
   * @param runbook where it says what to do, or null
   * @param context of the inference that completed it
   */
  static void emit(
      Logger logger,
      Finding finding,
      Attributes model,
      @Nullable Origin origin,
      @Nullable String runbook,
      Context context) {
    LogRecordBuilder event =
        logger
            .logRecordBuilder()
            .setContext(context)
            .setEventName(InnerspanEvents.FINDING)
            .setSeverity(SEVERITY)
            .setAllAttributes(model)
            .setAttribute(Keys.EVENT_NAME, InnerspanEvents.FINDING)
            .setAttribute(Keys.FINDING_ID, finding.id())
            .setAttribute(Keys.FINDING_DEDUP_KEY, finding.dedupKey())
            .setAttribute(Keys.FINDING_KIND, finding.kind().label())
            .setAttribute(Keys.FINDING_SEVERITY, finding.rule().severity().label())
            .setAttribute(Keys.FINDING_DIRECTION, finding.direction())
            .setAttribute(Keys.FINDING_COUNT, finding.count())
            .setAttribute(Keys.FINDING_WINDOW_START, finding.windowStart().toString())
            .setAttribute(Keys.FINDING_WINDOW_END, finding.windowEnd().toString())
            .setAttribute(Keys.FINDING_SUPPRESSED, finding.suppressed())
            .setAttribute(Keys.MONITOR_ID, finding.rule().id())
            .setAttribute(Keys.RULE_NAME, finding.rule().id());
    number(event, Keys.FINDING_CONFIDENCE, finding.confidence());
    number(event, Keys.FINDING_SCORE, finding.score());
    number(event, Keys.FINDING_THRESHOLD, finding.threshold());
    number(event, Keys.FINDING_EFFECT_SIZE, finding.effectSize());
    number(event, Keys.FINDING_P_VALUE, finding.pValue());
    text(event, Keys.FINDING_METHOD, finding.method());
    text(event, Keys.FINDING_COHORT, finding.cohort());
    text(event, Keys.SIGNAL_ID, finding.signal());
    text(event, Keys.RULE_REFERENCE, runbook);
    if (finding.baseline() != null) {
      event.setAttribute(Keys.FINDING_BASELINE, finding.baseline());
      event.setAttribute(Keys.FINDING_BASELINE_COUNT, finding.baselineCount());
    }
    if (!finding.rule().tags().isEmpty()) {
      event.setAttribute(Keys.FINDING_TAGS, finding.rule().tags());
    }
    if (origin != null) {
      event.setAttribute(Keys.PACK, List.of(origin.toString()));
      event.setAttribute(Keys.PACK_HASH, origin.hash());
      event.setAttribute(Keys.RULESET_NAME, origin.name());
      event.setAttribute(Keys.RULE_VERSION, origin.version());
    }
    event.emit();
  }

  private static void number(LogRecordBuilder event, AttributeKey<Double> key, double value) {
    if (!Double.isNaN(value)) {
      event.setAttribute(key, value);
    }
  }

  private static void text(
      LogRecordBuilder event, AttributeKey<String> key, @Nullable String value) {
    if (value != null) {
      event.setAttribute(key, value);
    }
  }

  private FindingEvents() {}
}
