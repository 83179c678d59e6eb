package io.innerspan.recorder;

import io.innerspan.recorder.Origins.Origin;
import io.innerspan.semconv.InnerspanEvents;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Reading;
import io.innerspan.signals.Threshold;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Records one probe of one model: everything that does not change is made beforehand. */
final class ProbeRecorder {
  private static final double NO_THRESHOLD = Double.NaN;

  private final Probe probe;
  private final int column;
  private final Calibration calibration;
  private final double leastPositive;
  private final Series scores;
  private final LongCounter crossingCounter;
  private final Attributes labels;
  private final Attributes event;
  private final AttributeKey<String> labelKey;
  private final AttributeKey<Long> peakKey;
  private final AttributeKey<Double> meanKey;

  ProbeRecorder(
      Probe probe,
      int column,
      Origin origin,
      Instruments instruments,
      MetricAttributes attributes) {
    Threshold limit = probe.threshold();
    this.probe = probe;
    this.column = column;
    this.calibration = probe.calibration();
    this.leastPositive = limit == null ? NO_THRESHOLD : leastLogit(calibration, limit.score());
    this.labels = attributes.with(Keys.PROBE_ID, probe.id());
    this.scores = new Series(instruments.probeScore, labels);
    this.crossingCounter = instruments.crossings;
    this.event = limit == null ? Attributes.empty() : event(probe, limit, origin);
    this.labelKey = Keys.probeLabel(probe.id());
    this.peakKey = Keys.stepsPeak(probe.id());
    this.meanKey = Keys.stepsMean(probe.id());
  }

  /**
   * The smallest logit whose score is at least the threshold: so a row is compared without its
   * score being computed. Exact, since no calibration's score falls when its logit rises.
   */
  static double leastLogit(Calibration calibration, double threshold) {
    long low = order(Double.NEGATIVE_INFINITY);
    long high = order(Double.POSITIVE_INFINITY);
    while (low < high) {
      long middle = (low & high) + ((low ^ high) >> 1);
      if (calibration.score(number(middle)) >= threshold) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return number(low);
  }

  /** A number's bits, changed so that they ascend with it. */
  private static long order(double number) {
    long bits = Double.doubleToRawLongBits(number);
    return bits ^ bits >> 63 & Long.MAX_VALUE;
  }

  private static double number(long order) {
    return Double.longBitsToDouble(order ^ order >> 63 & Long.MAX_VALUE);
  }

  private static Attributes event(Probe probe, Threshold limit, Origin origin) {
    return Attributes.builder()
        .put(Keys.EVENT_NAME, InnerspanEvents.PROBE_THRESHOLD_CROSSED)
        .put(Keys.PROBE_ID, probe.id())
        .put(Keys.PROBE_THRESHOLD, limit.score())
        .put(Keys.PROBE_LABEL, probe.positiveLabel())
        .put(Keys.PACK, List.of(origin.toString()))
        .put(Keys.PACK_HASH, origin.hash())
        .put(Keys.RULE_NAME, probe.id())
        .put(Keys.RULESET_NAME, origin.name())
        .put(Keys.RULE_VERSION, origin.version())
        .build();
  }

  /**
   * Puts every row's score into the histogram.
   *
   * @param into takes the scores of the rows that have one, from its beginning on
   * @return how many there are
   */
  int measure(Reading reading, Context context, double[] into) {
    // An exemplar costs more than the rest of a histogram's work: where a threshold says which
    // scores matter, only these lead back to their trace.
    Context ordinary = Double.isNaN(leastPositive) ? context : Context.root();
    int count = 0;
    for (int row = 0; row < reading.rows(); row++) {
      double logit = reading.value(row, column);
      if (!Double.isNaN(logit)) {
        double score = score(logit);
        scores.record(score, isPositive(logit) ? context : ordinary);
        into[count++] = score;
      }
    }
    return count;
  }

  /** Of all its series. */
  Attributes labels() {
    return labels;
  }

  /** Looks for rows that reach the threshold, counts and offers them. */
  void findCrossings(Reading reading, Context context, Crossings crossings) {
    long fired = 0;
    for (int row = 0; row < reading.rows(); row++) {
      double logit = reading.value(row, column);
      if (isPositive(logit)) {
        fired++;
        crossings.offer(this, row, score(logit));
      }
    }
    if (fired > 0) {
      crossingCounter.add(fired, labels, context);
      crossings.probeEnds();
    }
  }

  /** Puts the positive or the negative label on the span. */
  void writeLabel(Span span, boolean isPositive) {
    span.setAttribute(labelKey, isPositive ? probe.positiveLabel() : probe.negativeLabel());
  }

  /** Says what the largest logit of a reading says, for an application. */
  void tell(
      Reading reading,
      Map<String, Double> scores,
      Map<String, Double> thresholds,
      Set<String> crossed) {
    double largest = Double.NaN;
    for (int row = 0; row < reading.rows(); row++) {
      double logit = reading.value(row, column);
      largest = Double.isNaN(logit) || largest >= logit ? largest : logit;
    }
    if (Double.isNaN(largest)) {
      return;
    }
    scores.merge(probe.id(), score(largest), Math::max);
    Threshold limit = probe.threshold();
    if (limit != null) {
      thresholds.put(probe.id(), limit.score());
      if (isPositive(largest)) {
        crossed.add(probe.id());
      }
    }
  }

  /** Takes the scores of a step's rows into the mean over a generation. */
  void average(Reading reading, ProbeSteps steps, int index) {
    for (int row = 0; row < reading.rows(); row++) {
      double logit = reading.value(row, column);
      if (!Double.isNaN(logit)) {
        steps.average(index, score(logit));
      }
    }
  }

  /** Puts where in a generation the largest score was, and the mean score, on the span. */
  void writeSteps(Span span, int peak, double mean) {
    span.setAttribute(peakKey, (long) peak);
    span.setAttribute(meanKey, mean);
  }

  /** What every event of this probe says. */
  Attributes eventAttributes() {
    return event;
  }

  /** The index of its signal. */
  int signal() {
    return column;
  }

  Calibration calibration() {
    return calibration;
  }

  /** The smallest logit whose score reaches the threshold; NaN without one. */
  double leastPositive() {
    return leastPositive;
  }

  AttributeKey<Double> scoreKey() {
    return Keys.probeScore(probe.id());
  }

  private boolean isPositive(double logit) {
    return logit >= leastPositive;
  }

  private double score(double logit) {
    return calibration.score(logit);
  }
}
