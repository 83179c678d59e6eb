package io.innerspan.recorder;

import io.innerspan.recorder.Origins.Origin;
import io.innerspan.semconv.InnerspanEvents;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Reading;
import io.innerspan.signals.Threshold;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records one probe of one model: everything that does not change is made beforehand. */
final class ProbeRecorder {
  private static final double NO_THRESHOLD = Double.NaN;

  private final Probe probe;
  private final int column;
  private final double threshold;
  private final Series scores;
  private final LongCounter crossingCounter;
  private final Attributes labels;
  private final Attributes event;
  private final AttributeKey<Double> scoreKey;
  private final AttributeKey<String> labelKey;

  ProbeRecorder(
      Probe probe,
      int column,
      Origin origin,
      Instruments instruments,
      MetricAttributes attributes) {
    Threshold limit = probe.threshold();
    this.probe = probe;
    this.column = column;
    this.threshold = limit == null ? NO_THRESHOLD : limit.score();
    this.labels = attributes.with(Keys.PROBE_ID, probe.id());
    this.scores = new Series(instruments.probeScore, labels);
    this.crossingCounter = instruments.crossings;
    this.event = limit == null ? Attributes.empty() : event(probe, limit, origin);
    this.scoreKey = Keys.probeScore(probe.id());
    this.labelKey = Keys.probeLabel(probe.id());
  }

  private static Attributes event(Probe probe, Threshold limit, Origin origin) {
    return Attributes.builder()
        .put(Keys.EVENT_NAME, InnerspanEvents.PROBE_THRESHOLD_CROSSED)
        .put(Keys.PROBE_ID, probe.id())
        .put(Keys.PROBE_THRESHOLD, limit.score())
        .put(Keys.PROBE_LABEL, probe.positiveLabel())
        .put(Keys.PACK, List.of(origin.toString()))
        .put(Keys.RULE_NAME, probe.id())
        .put(Keys.RULESET_NAME, origin.name())
        .put(Keys.RULE_VERSION, origin.version())
        .build();
  }

  /** Puts every row's score into the histogram. */
  void measure(Reading reading, Context context) {
    // An exemplar costs more than the rest of a histogram's work: where a threshold says which
    // scores matter, only these lead back to their trace.
    Context ordinary = Double.isNaN(threshold) ? context : Context.root();
    for (int row = 0; row < reading.rows(); row++) {
      double score = reading.score(row, column);
      scores.record(score, isPositive(score) ? context : ordinary);
    }
  }

  /**
   * Looks for rows that reach the threshold, counts and offers them.
   *
   * @return the largest score, or NaN when no row has one
   */
  double findCrossings(Reading reading, Context context, Crossings crossings) {
    double largest = Double.NaN;
    long fired = 0;
    for (int row = 0; row < reading.rows(); row++) {
      double score = reading.score(row, column);
      if (Double.isNaN(score)) {
        continue;
      }
      if (!(largest >= score)) {
        largest = score;
      }
      if (isPositive(score)) {
        fired++;
        crossings.offer(this, row, score);
      }
    }
    if (fired > 0) {
      crossingCounter.add(fired, labels, context);
      crossings.probeEnds();
    }
    return largest;
  }

  /**
   * Puts the largest score and its label on the span.
   *
   * @param everyLabel whether the negative label is written too, not only the positive one
   */
  void write(Span span, double score, boolean everyLabel) {
    span.setAttribute(scoreKey, score);
    if (everyLabel || isPositive(score)) {
      String label = label(score);
      if (label != null) {
        span.setAttribute(labelKey, label);
      }
    }
  }

  /** How many attributes {@link #write} sets. */
  int spanAttributes() {
    return Double.isNaN(threshold) ? 1 : 2;
  }

  /** Whether the score reaches the threshold; never without one. */
  boolean isPositive(double score) {
    return score >= threshold;
  }

  /** What every event of this probe says. */
  Attributes eventAttributes() {
    return event;
  }

  private @Nullable String label(double score) {
    if (Double.isNaN(threshold)) {
      return null;
    }
    return isPositive(score) ? probe.positiveLabel() : probe.negativeLabel();
  }
}
