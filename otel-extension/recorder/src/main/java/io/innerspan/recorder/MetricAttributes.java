package io.innerspan.recorder;

import io.innerspan.semconv.GenerationPhase;
import io.innerspan.semconv.ReadingMissingReason;
import io.innerspan.semconv.RefusalReason;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import org.jspecify.annotations.Nullable;

/** The labels of one model's metrics, made once. */
final class MetricAttributes {
  private final Attributes model;
  private final Attributes duration;
  private final Attributes firstStep;
  private final Attributes laterStep;
  private final Attributes noToken;
  private final Attributes notFinite;
  private final BoundedNames errors;

  MetricAttributes(ModelNames names, Sinks sinks) {
    String name = names.name() == null ? null : sinks.models().keep(names.name());
    this.model = name == null ? Attributes.empty() : Attributes.of(Keys.MODEL_NAME, name);
    this.duration = with(Keys.ENGINE_NAME, names.engine());
    this.firstStep = with(Keys.GENERATION_PHASE, GenerationPhase.FIRST.value());
    this.laterStep = with(Keys.GENERATION_PHASE, GenerationPhase.LATER.value());
    this.noToken = with(Keys.MISSING_REASON, ReadingMissingReason.NO_TOKEN.value());
    this.notFinite = with(Keys.MISSING_REASON, ReadingMissingReason.NOT_FINITE.value());
    this.errors = sinks.errors();
  }

  /** The model alone. */
  Attributes model() {
    return model;
  }

  /** Model and engine, and the kind of the error when there was one. */
  Attributes duration(@Nullable String errorType) {
    return errorType == null
        ? duration
        : duration.toBuilder().put(Keys.ERROR_TYPE, errorType).build();
  }

  /** Model and kind of step. */
  Attributes step(GenerationPhase phase) {
    return phase == GenerationPhase.FIRST ? firstStep : laterStep;
  }

  /** Model and why a row gave no reading. */
  Attributes missing(ReadingMissingReason reason) {
    return reason == ReadingMissingReason.NO_TOKEN ? noToken : notFinite;
  }

  /** Model and why something was refused. */
  Attributes refused(RefusalReason reason) {
    return with(Keys.REFUSAL_REASON, reason.value());
  }

  /** Model and one label more. */
  Attributes with(AttributeKey<String> key, String value) {
    return model.toBuilder().put(key, value).build();
  }

  /** The kind of a failure, the same on span and metric. */
  String errorType(Throwable failure) {
    return errors.keep(failure.getClass().getName());
  }
}
