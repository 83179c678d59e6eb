package io.innerspan.recorder;

import static io.innerspan.recorder.Instruments.histogram;

import io.innerspan.semconv.InnerspanMetrics;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.AttentionSummary;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.Meter;

/** The registry's histograms of signals other than probes. */
final class SignalInstruments {
  final DoubleHistogram decisionLayer;
  final DoubleHistogram activeFeatures;
  final DoubleHistogram reconstructionError;
  final DoubleHistogram featureActivation;
  final DoubleHistogram maxProbability;
  final DoubleHistogram margin;
  final DoubleHistogram entropy;
  final DoubleHistogram disagreement;
  final DoubleHistogram distance;
  private final DoubleHistogram[] activation =
      new DoubleHistogram[ActivationSummary.Statistic.values().length];
  private final DoubleHistogram[] attention =
      new DoubleHistogram[AttentionSummary.Statistic.values().length];

  SignalInstruments(Meter meter) {
    for (ActivationSummary.Statistic statistic : ActivationSummary.Statistic.values()) {
      activation[statistic.ordinal()] = activation(meter, statistic);
    }
    for (AttentionSummary.Statistic statistic : AttentionSummary.Statistic.values()) {
      attention[statistic.ordinal()] = attention(meter, statistic);
    }
    decisionLayer =
        histogram(
            meter,
            InnerspanMetrics.LENS_DECISION_LAYER,
            InnerspanMetrics.LENS_DECISION_LAYER_UNIT,
            InnerspanMetrics.LENS_DECISION_LAYER_DESCRIPTION,
            InnerspanMetrics.LENS_DECISION_LAYER_BUCKETS);
    activeFeatures =
        histogram(
            meter,
            InnerspanMetrics.SAE_ACTIVE_FEATURES,
            InnerspanMetrics.SAE_ACTIVE_FEATURES_UNIT,
            InnerspanMetrics.SAE_ACTIVE_FEATURES_DESCRIPTION,
            InnerspanMetrics.SAE_ACTIVE_FEATURES_BUCKETS);
    reconstructionError =
        histogram(
            meter,
            InnerspanMetrics.SAE_RECONSTRUCTION_ERROR,
            InnerspanMetrics.SAE_RECONSTRUCTION_ERROR_UNIT,
            InnerspanMetrics.SAE_RECONSTRUCTION_ERROR_DESCRIPTION,
            InnerspanMetrics.SAE_RECONSTRUCTION_ERROR_BUCKETS);
    featureActivation =
        histogram(
            meter,
            InnerspanMetrics.FEATURE_ACTIVATION,
            InnerspanMetrics.FEATURE_ACTIVATION_UNIT,
            InnerspanMetrics.FEATURE_ACTIVATION_DESCRIPTION,
            InnerspanMetrics.FEATURE_ACTIVATION_BUCKETS);
    maxProbability =
        histogram(
            meter,
            InnerspanMetrics.CONFIDENCE_MAX_PROBABILITY,
            InnerspanMetrics.CONFIDENCE_MAX_PROBABILITY_UNIT,
            InnerspanMetrics.CONFIDENCE_MAX_PROBABILITY_DESCRIPTION,
            InnerspanMetrics.CONFIDENCE_MAX_PROBABILITY_BUCKETS);
    margin =
        histogram(
            meter,
            InnerspanMetrics.CONFIDENCE_MARGIN,
            InnerspanMetrics.CONFIDENCE_MARGIN_UNIT,
            InnerspanMetrics.CONFIDENCE_MARGIN_DESCRIPTION,
            InnerspanMetrics.CONFIDENCE_MARGIN_BUCKETS);
    entropy =
        histogram(
            meter,
            InnerspanMetrics.CONFIDENCE_ENTROPY,
            InnerspanMetrics.CONFIDENCE_ENTROPY_UNIT,
            InnerspanMetrics.CONFIDENCE_ENTROPY_DESCRIPTION,
            InnerspanMetrics.CONFIDENCE_ENTROPY_BUCKETS);
    disagreement =
        histogram(
            meter,
            InnerspanMetrics.CONFIDENCE_DISAGREEMENT,
            InnerspanMetrics.CONFIDENCE_DISAGREEMENT_UNIT,
            InnerspanMetrics.CONFIDENCE_DISAGREEMENT_DESCRIPTION,
            InnerspanMetrics.CONFIDENCE_DISAGREEMENT_BUCKETS);
    distance =
        histogram(
            meter,
            InnerspanMetrics.POPULATION_DISTANCE,
            InnerspanMetrics.POPULATION_DISTANCE_UNIT,
            InnerspanMetrics.POPULATION_DISTANCE_DESCRIPTION,
            InnerspanMetrics.POPULATION_DISTANCE_BUCKETS);
  }

  DoubleHistogram activation(ActivationSummary.Statistic statistic) {
    return activation[statistic.ordinal()];
  }

  DoubleHistogram attention(AttentionSummary.Statistic statistic) {
    return attention[statistic.ordinal()];
  }

  private static DoubleHistogram activation(Meter meter, ActivationSummary.Statistic statistic) {
    return switch (statistic) {
      case L2_NORM ->
          histogram(
              meter,
              InnerspanMetrics.ACTIVATION_NORM,
              InnerspanMetrics.ACTIVATION_NORM_UNIT,
              InnerspanMetrics.ACTIVATION_NORM_DESCRIPTION,
              InnerspanMetrics.ACTIVATION_NORM_BUCKETS);
      case MEAN ->
          histogram(
              meter,
              InnerspanMetrics.ACTIVATION_MEAN_MAGNITUDE,
              InnerspanMetrics.ACTIVATION_MEAN_MAGNITUDE_UNIT,
              InnerspanMetrics.ACTIVATION_MEAN_MAGNITUDE_DESCRIPTION,
              InnerspanMetrics.ACTIVATION_MEAN_MAGNITUDE_BUCKETS);
      case SPARSITY ->
          histogram(
              meter,
              InnerspanMetrics.ACTIVATION_SPARSITY,
              InnerspanMetrics.ACTIVATION_SPARSITY_UNIT,
              InnerspanMetrics.ACTIVATION_SPARSITY_DESCRIPTION,
              InnerspanMetrics.ACTIVATION_SPARSITY_BUCKETS);
      case KURTOSIS ->
          histogram(
              meter,
              InnerspanMetrics.ACTIVATION_KURTOSIS,
              InnerspanMetrics.ACTIVATION_KURTOSIS_UNIT,
              InnerspanMetrics.ACTIVATION_KURTOSIS_DESCRIPTION,
              InnerspanMetrics.ACTIVATION_KURTOSIS_BUCKETS);
      case LARGEST_SHARE ->
          histogram(
              meter,
              InnerspanMetrics.ACTIVATION_LARGEST_SHARE,
              InnerspanMetrics.ACTIVATION_LARGEST_SHARE_UNIT,
              InnerspanMetrics.ACTIVATION_LARGEST_SHARE_DESCRIPTION,
              InnerspanMetrics.ACTIVATION_LARGEST_SHARE_BUCKETS);
      case COSINE_TO_PREVIOUS ->
          histogram(
              meter,
              InnerspanMetrics.ACTIVATION_COSINE_DISTANCE,
              InnerspanMetrics.ACTIVATION_COSINE_DISTANCE_UNIT,
              InnerspanMetrics.ACTIVATION_COSINE_DISTANCE_DESCRIPTION,
              InnerspanMetrics.ACTIVATION_COSINE_DISTANCE_BUCKETS);
    };
  }

  private static DoubleHistogram attention(Meter meter, AttentionSummary.Statistic statistic) {
    return switch (statistic) {
      case ENTROPY ->
          histogram(
              meter,
              InnerspanMetrics.ATTENTION_ENTROPY,
              InnerspanMetrics.ATTENTION_ENTROPY_UNIT,
              InnerspanMetrics.ATTENTION_ENTROPY_DESCRIPTION,
              InnerspanMetrics.ATTENTION_ENTROPY_BUCKETS);
      case FIRST_TOKEN_SHARE ->
          histogram(
              meter,
              InnerspanMetrics.ATTENTION_FIRST_TOKEN_SHARE,
              InnerspanMetrics.ATTENTION_FIRST_TOKEN_SHARE_UNIT,
              InnerspanMetrics.ATTENTION_FIRST_TOKEN_SHARE_DESCRIPTION,
              InnerspanMetrics.ATTENTION_FIRST_TOKEN_SHARE_BUCKETS);
      case MEAN_DISTANCE ->
          histogram(
              meter,
              InnerspanMetrics.ATTENTION_MEAN_DISTANCE,
              InnerspanMetrics.ATTENTION_MEAN_DISTANCE_UNIT,
              InnerspanMetrics.ATTENTION_MEAN_DISTANCE_DESCRIPTION,
              InnerspanMetrics.ATTENTION_MEAN_DISTANCE_BUCKETS);
    };
  }
}
