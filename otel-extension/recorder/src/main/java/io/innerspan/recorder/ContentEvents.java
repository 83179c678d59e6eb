package io.innerspan.recorder;

import io.innerspan.recorder.content.CapturedText;
import io.innerspan.recorder.content.ContentDroppedException;
import io.innerspan.recorder.content.ContentPolicy;
import io.innerspan.semconv.ContentKind;
import io.innerspan.semconv.FaultPlace;
import io.innerspan.semconv.InnerspanEvents;
import io.innerspan.semconv.InnerspanMetrics;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/**
 * Reports text, as far as the policy lets it leave the process: always as events of their own, for
 * pipelines to treat them apart from traces. Thread-safe; never throws.
 */
public final class ContentEvents {
  private static final Severity SEVERITY =
      Severity.valueOf(InnerspanEvents.CONTENT_CAPTURED_SEVERITY);

  private final ContentPolicy policy;
  private final Logger logger;
  private final HealthCounters health;
  private final LongCounter captures;
  private final LongCounter drops;

  ContentEvents(ContentPolicy policy, Logger logger, Meter meter, HealthCounters health) {
    this.policy = policy;
    this.logger = logger;
    this.health = health;
    this.captures =
        meter
            .counterBuilder(InnerspanMetrics.CONTENT_CAPTURE)
            .setUnit(InnerspanMetrics.CONTENT_CAPTURE_UNIT)
            .setDescription(InnerspanMetrics.CONTENT_CAPTURE_DESCRIPTION)
            .build();
    this.drops =
        meter
            .counterBuilder(InnerspanMetrics.CONTENT_DROP)
            .setUnit(InnerspanMetrics.CONTENT_DROP_UNIT)
            .setDescription(InnerspanMetrics.CONTENT_DROP_DESCRIPTION)
            .build();
  }

  /** Whether any text is captured; when not, nobody needs to make one. */
  public boolean isOn() {
    return policy.isOn();
  }

  /** Whether texts in this context are captured. */
  public boolean takes(Context context) {
    return policy.isOn() && policy.takes(Span.fromContext(context).getSpanContext().getTraceId());
  }

  /** Reports a text of a context that {@link #takes} accepted. */
  public void emit(ContentKind kind, String text, Context context) {
    try {
      CapturedText captured = capture(kind, text);
      if (captured != null) {
        event(kind, captured, context).emit();
      }
    } catch (Throwable fault) {
      health.fault(FaultPlace.CONTENT.value(), fault);
    }
  }

  /** What may leave the process of a text, counted; null when nothing may. */
  @Nullable CapturedText capture(ContentKind kind, String text) {
    Attributes labels = Attributes.of(Keys.CONTENT_KIND, kind.value());
    try {
      CapturedText captured = policy.capture(text);
      if (captured != null) {
        captures.add(1, labels);
      }
      return captured;
    } catch (ContentDroppedException | RuntimeException | LinkageError e) {
      drops.add(1, labels);
      health.fault(FaultPlace.CONTENT.value(), e);
      return null;
    }
  }

  /** Says how long a record with content may be kept. */
  void retention(LogRecordBuilder event) {
    event.setAttribute(Keys.CONTENT_RETENTION, policy.retention());
  }

  private LogRecordBuilder event(ContentKind kind, CapturedText captured, Context context) {
    LogRecordBuilder event =
        logger
            .logRecordBuilder()
            .setContext(context)
            .setEventName(InnerspanEvents.CONTENT_CAPTURED)
            .setSeverity(SEVERITY)
            .setAttribute(Keys.EVENT_NAME, InnerspanEvents.CONTENT_CAPTURED)
            .setAttribute(Keys.CONTENT_KIND, kind.value())
            .setAttribute(Keys.CONTENT_LENGTH, (long) captured.length())
            .setAttribute(Keys.CONTENT_TRUNCATED, captured.truncated());
    retention(event);
    if (captured.text() != null) {
      event.setAttribute(Keys.CONTENT_TEXT, captured.text());
    }
    if (captured.digest() != null) {
      event.setAttribute(Keys.CONTENT_DIGEST, captured.digest());
    }
    if (!captured.redactions().isEmpty()) {
      event.setAttribute(Keys.CONTENT_REDACTIONS, captured.redactions());
    }
    return event;
  }
}
