package io.innerspan.recorder;

import io.innerspan.semconv.InnerspanMetrics;
import io.opentelemetry.api.metrics.DoubleGauge;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;

/** The registry's metrics as instruments. */
final class Instruments {
  final DoubleHistogram duration;
  final DoubleHistogram stepDuration;
  final DoubleHistogram generationDuration;
  final DoubleHistogram generationSteps;
  final DoubleHistogram probeScore;
  final SignalInstruments signals;
  final LongCounter crossings;
  final LongCounter missing;
  final LongCounter graftRefusals;
  final LongCounter signalRefusals;
  final LongCounter droppedTaps;
  final LongCounter fallbacks;
  final LongCounter saliencyMissing;
  final DoubleGauge signalCost;
  final LongCounter sheddings;
  final LongCounter canaryReplays;
  final DoubleHistogram canaryDeviation;
  final LongCounter findings;
  final LongCounter findingsHeldBack;
  final LongCounter crossingsHeldBack;
  final LongCounter monitorsMissed;
  final LongCounter monitorRefusals;
  final LongCounter packRefusals;
  final LongCounter faults;

  Instruments(Meter meter) {
    duration =
        histogram(
            meter,
            InnerspanMetrics.INFERENCE_DURATION,
            InnerspanMetrics.INFERENCE_DURATION_UNIT,
            InnerspanMetrics.INFERENCE_DURATION_DESCRIPTION,
            InnerspanMetrics.INFERENCE_DURATION_BUCKETS);
    stepDuration =
        histogram(
            meter,
            InnerspanMetrics.GENERATION_STEP_DURATION,
            InnerspanMetrics.GENERATION_STEP_DURATION_UNIT,
            InnerspanMetrics.GENERATION_STEP_DURATION_DESCRIPTION,
            InnerspanMetrics.GENERATION_STEP_DURATION_BUCKETS);
    generationDuration =
        histogram(
            meter,
            InnerspanMetrics.GENERATION_DURATION,
            InnerspanMetrics.GENERATION_DURATION_UNIT,
            InnerspanMetrics.GENERATION_DURATION_DESCRIPTION,
            InnerspanMetrics.GENERATION_DURATION_BUCKETS);
    generationSteps =
        histogram(
            meter,
            InnerspanMetrics.GENERATION_STEPS,
            InnerspanMetrics.GENERATION_STEPS_UNIT,
            InnerspanMetrics.GENERATION_STEPS_DESCRIPTION,
            InnerspanMetrics.GENERATION_STEPS_BUCKETS);
    probeScore =
        histogram(
            meter,
            InnerspanMetrics.PROBE_SCORE,
            InnerspanMetrics.PROBE_SCORE_UNIT,
            InnerspanMetrics.PROBE_SCORE_DESCRIPTION,
            InnerspanMetrics.PROBE_SCORE_BUCKETS);
    signals = new SignalInstruments(meter);
    crossings =
        counter(
            meter,
            InnerspanMetrics.PROBE_THRESHOLD_CROSSING,
            InnerspanMetrics.PROBE_THRESHOLD_CROSSING_UNIT,
            InnerspanMetrics.PROBE_THRESHOLD_CROSSING_DESCRIPTION);
    missing =
        counter(
            meter,
            InnerspanMetrics.READING_MISSING,
            InnerspanMetrics.READING_MISSING_UNIT,
            InnerspanMetrics.READING_MISSING_DESCRIPTION);
    graftRefusals =
        counter(
            meter,
            InnerspanMetrics.GRAFT_REFUSAL,
            InnerspanMetrics.GRAFT_REFUSAL_UNIT,
            InnerspanMetrics.GRAFT_REFUSAL_DESCRIPTION);
    signalRefusals =
        counter(
            meter,
            InnerspanMetrics.SIGNAL_REFUSAL,
            InnerspanMetrics.SIGNAL_REFUSAL_UNIT,
            InnerspanMetrics.SIGNAL_REFUSAL_DESCRIPTION);
    droppedTaps =
        counter(
            meter,
            InnerspanMetrics.GRAFT_DROPPED_TAP,
            InnerspanMetrics.GRAFT_DROPPED_TAP_UNIT,
            InnerspanMetrics.GRAFT_DROPPED_TAP_DESCRIPTION);
    fallbacks =
        counter(
            meter,
            InnerspanMetrics.GRAFT_FALLBACK,
            InnerspanMetrics.GRAFT_FALLBACK_UNIT,
            InnerspanMetrics.GRAFT_FALLBACK_DESCRIPTION);
    saliencyMissing =
        counter(
            meter,
            InnerspanMetrics.SALIENCY_MISSING,
            InnerspanMetrics.SALIENCY_MISSING_UNIT,
            InnerspanMetrics.SALIENCY_MISSING_DESCRIPTION);
    signalCost =
        meter
            .gaugeBuilder(InnerspanMetrics.SIGNAL_COST)
            .setUnit(InnerspanMetrics.SIGNAL_COST_UNIT)
            .setDescription(InnerspanMetrics.SIGNAL_COST_DESCRIPTION)
            .build();
    sheddings =
        counter(
            meter,
            InnerspanMetrics.SIGNAL_SHEDDING,
            InnerspanMetrics.SIGNAL_SHEDDING_UNIT,
            InnerspanMetrics.SIGNAL_SHEDDING_DESCRIPTION);
    canaryReplays =
        counter(
            meter,
            InnerspanMetrics.CANARY_REPLAY,
            InnerspanMetrics.CANARY_REPLAY_UNIT,
            InnerspanMetrics.CANARY_REPLAY_DESCRIPTION);
    canaryDeviation =
        histogram(
            meter,
            InnerspanMetrics.CANARY_DEVIATION,
            InnerspanMetrics.CANARY_DEVIATION_UNIT,
            InnerspanMetrics.CANARY_DEVIATION_DESCRIPTION,
            InnerspanMetrics.CANARY_DEVIATION_BUCKETS);
    findings =
        counter(
            meter,
            InnerspanMetrics.FINDING_RAISED,
            InnerspanMetrics.FINDING_RAISED_UNIT,
            InnerspanMetrics.FINDING_RAISED_DESCRIPTION);
    findingsHeldBack =
        counter(
            meter,
            InnerspanMetrics.FINDING_HELD_BACK,
            InnerspanMetrics.FINDING_HELD_BACK_UNIT,
            InnerspanMetrics.FINDING_HELD_BACK_DESCRIPTION);
    crossingsHeldBack =
        counter(
            meter,
            InnerspanMetrics.PROBE_CROSSING_HELD_BACK,
            InnerspanMetrics.PROBE_CROSSING_HELD_BACK_UNIT,
            InnerspanMetrics.PROBE_CROSSING_HELD_BACK_DESCRIPTION);
    monitorsMissed =
        counter(
            meter,
            InnerspanMetrics.MONITOR_MISSED,
            InnerspanMetrics.MONITOR_MISSED_UNIT,
            InnerspanMetrics.MONITOR_MISSED_DESCRIPTION);
    monitorRefusals =
        counter(
            meter,
            InnerspanMetrics.MONITOR_REFUSAL,
            InnerspanMetrics.MONITOR_REFUSAL_UNIT,
            InnerspanMetrics.MONITOR_REFUSAL_DESCRIPTION);
    packRefusals =
        counter(
            meter,
            InnerspanMetrics.PACK_REFUSAL,
            InnerspanMetrics.PACK_REFUSAL_UNIT,
            InnerspanMetrics.PACK_REFUSAL_DESCRIPTION);
    faults =
        counter(
            meter,
            InnerspanMetrics.FAULT,
            InnerspanMetrics.FAULT_UNIT,
            InnerspanMetrics.FAULT_DESCRIPTION);
  }

  static DoubleHistogram histogram(
      Meter meter, String name, String unit, String description, List<Double> buckets) {
    return meter
        .histogramBuilder(name)
        .setUnit(unit)
        .setDescription(description)
        .setExplicitBucketBoundariesAdvice(buckets)
        .build();
  }

  private static LongCounter counter(Meter meter, String name, String unit, String description) {
    return meter.counterBuilder(name).setUnit(unit).setDescription(description).build();
  }
}
