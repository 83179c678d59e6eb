package io.innerspan.recorder;

import io.innerspan.semconv.InnerspanAttributes;
import io.opentelemetry.api.common.AttributeKey;
import java.util.List;

/** The registry's attributes as typed keys. */
final class Keys {
  static final AttributeKey<String> MODEL_NAME = text(InnerspanAttributes.MODEL_NAME);
  static final AttributeKey<String> ARTIFACT_HASH = text(InnerspanAttributes.ARTIFACT_HASH);
  static final AttributeKey<String> ARTIFACT_FILENAME = text(InnerspanAttributes.ARTIFACT_FILENAME);
  static final AttributeKey<String> ENGINE_NAME = text(InnerspanAttributes.ENGINE_NAME);
  static final AttributeKey<String> ENGINE_VERSION = text(InnerspanAttributes.ENGINE_VERSION);
  static final AttributeKey<String> ERROR_TYPE = text(InnerspanAttributes.ERROR_TYPE);
  static final AttributeKey<List<String>> PACK =
      AttributeKey.stringArrayKey(InnerspanAttributes.PACK);
  static final AttributeKey<String> PACK_HASH = text(InnerspanAttributes.PACK_HASH);
  static final AttributeKey<List<String>> PACK_HASHES =
      AttributeKey.stringArrayKey(InnerspanAttributes.PACK_HASHES);
  static final AttributeKey<String> TOKENIZER_HASH = text(InnerspanAttributes.TOKENIZER_HASH);
  static final AttributeKey<Long> BATCH_SIZE = count(InnerspanAttributes.BATCH_SIZE);
  static final AttributeKey<Long> BATCH_ROW = count(InnerspanAttributes.BATCH_ROW);
  static final AttributeKey<Long> MISSING_ROWS = count(InnerspanAttributes.READING_MISSING_ROWS);
  static final AttributeKey<Long> OMITTED_PROBES =
      count(InnerspanAttributes.READING_OMITTED_PROBES);
  static final AttributeKey<Long> OMITTED_CROSSINGS =
      count(InnerspanAttributes.READING_OMITTED_CROSSINGS);
  static final AttributeKey<Long> OMITTED_SIGNALS =
      count(InnerspanAttributes.READING_OMITTED_SIGNALS);
  static final AttributeKey<List<String>> SAMPLED_SIGNALS =
      AttributeKey.stringArrayKey(InnerspanAttributes.READING_SAMPLED_SIGNALS);
  static final AttributeKey<String> MISSING_REASON =
      text(InnerspanAttributes.READING_MISSING_REASON);
  static final AttributeKey<String> CANARY_KIND = text(InnerspanAttributes.CANARY_KIND);
  static final AttributeKey<String> CANARY_OUTCOME = text(InnerspanAttributes.CANARY_OUTCOME);
  static final AttributeKey<String> CANARY_REFERENCE = text(InnerspanAttributes.CANARY_REFERENCE);
  static final AttributeKey<String> PROBE_ID = text(InnerspanAttributes.PROBE_ID);
  static final AttributeKey<String> PROBE_LABEL = text(InnerspanAttributes.PROBE_LABEL);
  static final AttributeKey<Double> PROBE_SCORE = number(InnerspanAttributes.PROBE_SCORE);
  static final AttributeKey<Double> PROBE_THRESHOLD = number(InnerspanAttributes.PROBE_THRESHOLD);
  static final AttributeKey<String> SIGNAL_ID = text(InnerspanAttributes.SIGNAL_ID);
  static final AttributeKey<String> ATTENTION_HEAD = text(InnerspanAttributes.ATTENTION_HEAD);
  static final AttributeKey<String> FEATURE_NAME = text(InnerspanAttributes.FEATURE_NAME);
  static final AttributeKey<List<String>> SIGNAL_IDS =
      AttributeKey.stringArrayKey(InnerspanAttributes.SIGNAL_IDS);
  static final AttributeKey<Double> SIGNAL_SAMPLING_RATE =
      number(InnerspanAttributes.SIGNAL_SAMPLING_RATE);
  static final AttributeKey<String> SHEDDING_REASON = text(InnerspanAttributes.SHEDDING_REASON);
  static final AttributeKey<String> REFUSAL_REASON = text(InnerspanAttributes.REFUSAL_REASON);
  static final AttributeKey<String> FAULT_PLACE = text(InnerspanAttributes.FAULT_PLACE);
  static final AttributeKey<String> EVENT_NAME = text(InnerspanAttributes.EVENT_NAME);
  static final AttributeKey<String> RULE_NAME = text(InnerspanAttributes.SECURITY_RULE_NAME);
  static final AttributeKey<String> RULESET_NAME =
      text(InnerspanAttributes.SECURITY_RULE_RULESET_NAME);
  static final AttributeKey<String> RULE_VERSION = text(InnerspanAttributes.SECURITY_RULE_VERSION);

  static final AttributeKey<String> OUTCOME_KIND = text(InnerspanAttributes.OUTCOME_KIND);
  static final AttributeKey<String> OUTCOME_AGREEMENT = text(InnerspanAttributes.OUTCOME_AGREEMENT);
  static final AttributeKey<String> EVALUATION_NAME =
      text(InnerspanAttributes.GEN_AI_EVALUATION_NAME);
  static final AttributeKey<String> EVALUATION_LABEL =
      text(InnerspanAttributes.GEN_AI_EVALUATION_SCORE_LABEL);
  static final AttributeKey<Double> EVALUATION_SCORE =
      number(InnerspanAttributes.GEN_AI_EVALUATION_SCORE_VALUE);
  static final AttributeKey<String> EVALUATION_EXPLANATION =
      text(InnerspanAttributes.GEN_AI_EVALUATION_EXPLANATION);
  static final AttributeKey<String> RESPONSE_ID = text(InnerspanAttributes.GEN_AI_RESPONSE_ID);
  static final AttributeKey<String> CONTENT_KIND = text(InnerspanAttributes.CONTENT_KIND);
  static final AttributeKey<String> CONTENT_TEXT = text(InnerspanAttributes.CONTENT_TEXT);
  static final AttributeKey<String> CONTENT_DIGEST = text(InnerspanAttributes.CONTENT_DIGEST);
  static final AttributeKey<Long> CONTENT_LENGTH = count(InnerspanAttributes.CONTENT_LENGTH);
  static final AttributeKey<Boolean> CONTENT_TRUNCATED =
      AttributeKey.booleanKey(InnerspanAttributes.CONTENT_TRUNCATED);
  static final AttributeKey<List<String>> CONTENT_REDACTIONS =
      AttributeKey.stringArrayKey(InnerspanAttributes.CONTENT_REDACTIONS);
  static final AttributeKey<String> CONTENT_RETENTION = text(InnerspanAttributes.CONTENT_RETENTION);

  static final AttributeKey<String> COHORT_KEY = text(InnerspanAttributes.COHORT_KEY);
  static final AttributeKey<String> COHORT_MEASURE = text(InnerspanAttributes.COHORT_MEASURE);
  static final AttributeKey<String> COHORT_VALUE = text(InnerspanAttributes.COHORT_VALUE);

  static final AttributeKey<Long> GENERATION_STEPS = count(InnerspanAttributes.GENERATION_STEPS);
  static final AttributeKey<Long> GENERATION_STEP = count(InnerspanAttributes.GENERATION_STEP);
  static final AttributeKey<Long> PROMPT_TOKENS =
      count(InnerspanAttributes.GENERATION_PROMPT_TOKENS);
  static final AttributeKey<Long> GENERATED_TOKENS =
      count(InnerspanAttributes.GENERATION_GENERATED_TOKENS);
  static final AttributeKey<Double> FIRST_STEP_DURATION =
      number(InnerspanAttributes.GENERATION_FIRST_STEP_DURATION);
  static final AttributeKey<Double> STEPS_DURATION =
      number(InnerspanAttributes.GENERATION_STEPS_DURATION);
  static final AttributeKey<String> GENERATION_PHASE = text(InnerspanAttributes.GENERATION_PHASE);

  static final AttributeKey<String> SALIENCY_METHOD = text(InnerspanAttributes.SALIENCY_METHOD);
  static final AttributeKey<String> SALIENCY_BASELINE = text(InnerspanAttributes.SALIENCY_BASELINE);
  static final AttributeKey<String> SALIENCY_UNIT = text(InnerspanAttributes.SALIENCY_UNIT);
  static final AttributeKey<Long> SALIENCY_PART_COUNT =
      count(InnerspanAttributes.SALIENCY_PART_COUNT);
  static final AttributeKey<List<Long>> SALIENCY_POSITIONS =
      AttributeKey.longArrayKey(InnerspanAttributes.SALIENCY_POSITIONS);
  static final AttributeKey<List<Double>> SALIENCY_VALUES =
      AttributeKey.doubleArrayKey(InnerspanAttributes.SALIENCY_VALUES);
  static final AttributeKey<Double> SALIENCY_COMPLETENESS_ERROR =
      number(InnerspanAttributes.SALIENCY_COMPLETENESS_ERROR);
  static final AttributeKey<Double> SALIENCY_SCORE = number(InnerspanAttributes.SALIENCY_SCORE);
  static final AttributeKey<Double> SALIENCY_BASELINE_SCORE =
      number(InnerspanAttributes.SALIENCY_BASELINE_SCORE);
  static final AttributeKey<Long> SALIENCY_CLASS = count(InnerspanAttributes.SALIENCY_CLASS);
  static final AttributeKey<String> SALIENCY_MISSING_REASON =
      text(InnerspanAttributes.SALIENCY_MISSING_REASON);

  static final AttributeKey<String> MONITOR_ID = text(InnerspanAttributes.MONITOR_ID);
  static final AttributeKey<String> FINDING_ID = text(InnerspanAttributes.FINDING_ID);
  static final AttributeKey<String> FINDING_DEDUP_KEY = text(InnerspanAttributes.FINDING_DEDUP_KEY);
  static final AttributeKey<String> FINDING_KIND = text(InnerspanAttributes.FINDING_KIND);
  static final AttributeKey<String> FINDING_SEVERITY = text(InnerspanAttributes.FINDING_SEVERITY);
  static final AttributeKey<Double> FINDING_CONFIDENCE =
      number(InnerspanAttributes.FINDING_CONFIDENCE);
  static final AttributeKey<Double> FINDING_SCORE = number(InnerspanAttributes.FINDING_SCORE);
  static final AttributeKey<Double> FINDING_THRESHOLD =
      number(InnerspanAttributes.FINDING_THRESHOLD);
  static final AttributeKey<String> FINDING_DIRECTION = text(InnerspanAttributes.FINDING_DIRECTION);
  static final AttributeKey<Double> FINDING_EFFECT_SIZE =
      number(InnerspanAttributes.FINDING_EFFECT_SIZE);
  static final AttributeKey<Double> FINDING_P_VALUE = number(InnerspanAttributes.FINDING_P_VALUE);
  static final AttributeKey<String> FINDING_METHOD = text(InnerspanAttributes.FINDING_METHOD);
  static final AttributeKey<Long> FINDING_COUNT = count(InnerspanAttributes.FINDING_COUNT);
  static final AttributeKey<String> FINDING_WINDOW_START =
      text(InnerspanAttributes.FINDING_WINDOW_START);
  static final AttributeKey<String> FINDING_WINDOW_END =
      text(InnerspanAttributes.FINDING_WINDOW_END);
  static final AttributeKey<String> FINDING_BASELINE = text(InnerspanAttributes.FINDING_BASELINE);
  static final AttributeKey<Long> FINDING_BASELINE_COUNT =
      count(InnerspanAttributes.FINDING_BASELINE_COUNT);
  static final AttributeKey<Long> FINDING_SUPPRESSED =
      count(InnerspanAttributes.FINDING_SUPPRESSED);
  static final AttributeKey<String> FINDING_COHORT = text(InnerspanAttributes.FINDING_COHORT);
  static final AttributeKey<String> RULE_REFERENCE =
      text(InnerspanAttributes.SECURITY_RULE_REFERENCE);
  static final AttributeKey<List<String>> FINDING_TAGS =
      AttributeKey.stringArrayKey(InnerspanAttributes.FINDING_TAGS);

  static AttributeKey<Double> probeScore(String id) {
    return number(InnerspanAttributes.probeScore(id));
  }

  static AttributeKey<String> probeLabel(String id) {
    return text(InnerspanAttributes.probeLabel(id));
  }

  static AttributeKey<Long> stepsPeak(String id) {
    return count(InnerspanAttributes.stepsPeak(id));
  }

  static AttributeKey<Double> stepsMean(String id) {
    return number(InnerspanAttributes.stepsMean(id));
  }

  private static AttributeKey<String> text(String name) {
    return AttributeKey.stringKey(name);
  }

  private static AttributeKey<Double> number(String name) {
    return AttributeKey.doubleKey(name);
  }

  private static AttributeKey<Long> count(String name) {
    return AttributeKey.longKey(name);
  }

  private Keys() {}
}
