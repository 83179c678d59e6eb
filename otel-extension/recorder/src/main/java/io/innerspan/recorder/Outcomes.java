package io.innerspan.recorder;

import io.innerspan.recorder.content.CapturedText;
import io.innerspan.semconv.ContentKind;
import io.innerspan.semconv.FaultPlace;
import io.innerspan.semconv.InnerspanEvents;
import io.innerspan.semconv.InnerspanMetrics;
import io.innerspan.semconv.OutcomeAgreement;
import io.innerspan.semconv.OutcomeKind;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.metrics.DoubleGauge;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.javaagent.innerspan.bridge.ReportedOutcome;

/**
 * Records what applications say came of an inference: an event in its trace, counters, and how far
 * judges and humans agree. Thread-safe; never throws.
 */
public final class Outcomes {
  private static final Severity SEVERITY =
      Severity.valueOf(InnerspanEvents.GEN_AI_EVALUATION_RESULT_SEVERITY);
  private static final int SERIES = 500;
  private static final int EVALUATIONS = 100;

  private final boolean events;
  private final Logger logger;
  private final ContentEvents content;
  private final HealthCounters health;
  private final LongCounter reports;
  private final LongCounter comparisons;
  private final LongCounter unmatched;
  private final DoubleGauge kappa;
  private final BoundedNames series = new BoundedNames(SERIES);
  private final BoundedNames evaluations = new BoundedNames(EVALUATIONS);
  private final Verdicts verdicts = new Verdicts();

  Outcomes(
      boolean events, Logger logger, Meter meter, ContentEvents content, HealthCounters health) {
    this.events = events;
    this.logger = logger;
    this.content = content;
    this.health = health;
    this.reports =
        counter(
            meter,
            InnerspanMetrics.OUTCOME_REPORT,
            InnerspanMetrics.OUTCOME_REPORT_UNIT,
            InnerspanMetrics.OUTCOME_REPORT_DESCRIPTION);
    this.comparisons =
        counter(
            meter,
            InnerspanMetrics.OUTCOME_COMPARISON,
            InnerspanMetrics.OUTCOME_COMPARISON_UNIT,
            InnerspanMetrics.OUTCOME_COMPARISON_DESCRIPTION);
    this.unmatched =
        counter(
            meter,
            InnerspanMetrics.OUTCOME_UNMATCHED_VERDICT,
            InnerspanMetrics.OUTCOME_UNMATCHED_VERDICT_UNIT,
            InnerspanMetrics.OUTCOME_UNMATCHED_VERDICT_DESCRIPTION);
    this.kappa =
        meter
            .gaugeBuilder(InnerspanMetrics.OUTCOME_KAPPA)
            .setUnit(InnerspanMetrics.OUTCOME_KAPPA_UNIT)
            .setDescription(InnerspanMetrics.OUTCOME_KAPPA_DESCRIPTION)
            .build();
  }

  /**
   * Records an outcome.
   *
   * @param current what it is about when it names no span
   */
  public void report(ReportedOutcome outcome, Context current) {
    try {
      Context context = context(outcome, current);
      if (events) {
        event(outcome, context).emit();
      }
      count(outcome, context);
    } catch (Throwable fault) {
      health.fault(FaultPlace.API.value(), fault);
    }
  }

  private static Context context(ReportedOutcome outcome, Context current) {
    if (outcome.traceId() == null || outcome.spanId() == null) {
      return current;
    }
    SpanContext span =
        SpanContext.create(
            outcome.traceId(), outcome.spanId(), TraceFlags.getSampled(), TraceState.getDefault());
    return Context.root().with(Span.wrap(span));
  }

  private LogRecordBuilder event(ReportedOutcome outcome, Context context) {
    LogRecordBuilder event =
        logger
            .logRecordBuilder()
            .setContext(context)
            .setEventName(InnerspanEvents.GEN_AI_EVALUATION_RESULT)
            .setSeverity(SEVERITY)
            .setAttribute(Keys.EVENT_NAME, InnerspanEvents.GEN_AI_EVALUATION_RESULT)
            .setAttribute(Keys.OUTCOME_KIND, outcome.kind())
            .setAttribute(Keys.EVALUATION_NAME, outcome.name())
            .setAttribute(Keys.EVALUATION_LABEL, outcome.label());
    if (!Double.isNaN(outcome.score())) {
      event.setAttribute(Keys.EVALUATION_SCORE, outcome.score());
    }
    if (outcome.responseId() != null) {
      event.setAttribute(Keys.RESPONSE_ID, outcome.responseId());
    }
    if (outcome.explanation() != null && content.takes(context)) {
      explain(event, outcome.explanation());
    }
    return event;
  }

  private void explain(LogRecordBuilder event, String explanation) {
    CapturedText captured = content.capture(ContentKind.EXPLANATION, explanation);
    if (captured == null) {
      return;
    }
    if (captured.text() != null) {
      event.setAttribute(Keys.EVALUATION_EXPLANATION, captured.text());
    }
    if (captured.digest() != null) {
      event.setAttribute(Keys.CONTENT_DIGEST, captured.digest());
    }
    content.retention(event);
  }

  private void count(ReportedOutcome outcome, Context context) {
    boolean known = keeps(outcome);
    Attributes labels =
        Attributes.of(
            Keys.OUTCOME_KIND,
            outcome.kind(),
            Keys.EVALUATION_NAME,
            known ? outcome.name() : BoundedNames.OTHER,
            Keys.EVALUATION_LABEL,
            known ? outcome.label() : BoundedNames.OTHER);
    reports.add(1, labels, context);
    boolean human = outcome.kind().equals(OutcomeKind.HUMAN_VERDICT.value());
    SpanContext span = Span.fromContext(context).getSpanContext();
    if ((human || outcome.kind().equals(OutcomeKind.JUDGE_VERDICT.value())) && span.isValid()) {
      compare(outcome, span.getTraceId(), human);
    }
  }

  private boolean keeps(ReportedOutcome outcome) {
    String all = outcome.kind() + '\n' + outcome.name() + '\n' + outcome.label();
    return series.keep(all).equals(all);
  }

  private void compare(ReportedOutcome outcome, String traceId, boolean human) {
    String name = evaluations.keep(outcome.name());
    if (!name.equals(outcome.name())) {
      lost(human);
      return;
    }
    Verdicts.Result result = verdicts.add(name, traceId, human, outcome.label());
    if (result.lost() != null) {
      lost(result.lost());
    }
    if (result.compared()) {
      OutcomeAgreement agreement =
          result.agreed() ? OutcomeAgreement.AGREE : OutcomeAgreement.DISAGREE;
      comparisons.add(
          1, Attributes.of(Keys.EVALUATION_NAME, name, Keys.OUTCOME_AGREEMENT, agreement.value()));
      if (!Double.isNaN(result.kappa())) {
        kappa.set(result.kappa(), Attributes.of(Keys.EVALUATION_NAME, name));
      }
    }
  }

  private void lost(boolean human) {
    OutcomeKind kind = human ? OutcomeKind.HUMAN_VERDICT : OutcomeKind.JUDGE_VERDICT;
    unmatched.add(1, Attributes.of(Keys.OUTCOME_KIND, kind.value()));
  }

  private static LongCounter counter(Meter meter, String name, String unit, String description) {
    return meter.counterBuilder(name).setUnit(unit).setDescription(description).build();
  }
}
