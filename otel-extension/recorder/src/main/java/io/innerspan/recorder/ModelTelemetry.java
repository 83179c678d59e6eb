package io.innerspan.recorder;

import io.innerspan.recorder.Crossings.Crossing;
import io.innerspan.recorder.Origins.Origin;
import io.innerspan.semconv.CanaryOutcome;
import io.innerspan.semconv.CanaryReference;
import io.innerspan.semconv.FaultPlace;
import io.innerspan.semconv.InnerspanEvents;
import io.innerspan.semconv.InnerspanSpans;
import io.innerspan.semconv.RefusalReason;
import io.innerspan.semconv.SaliencyMissingReason;
import io.innerspan.semconv.SheddingReason;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.monitor.Change;
import io.innerspan.signals.monitor.Finding;
import io.innerspan.signals.monitor.FindingKind;
import io.innerspan.signals.monitor.Incident;
import io.innerspan.signals.monitor.Rule;
import io.innerspan.signals.pack.Canary;
import io.innerspan.signals.pack.CanaryKind;
import io.innerspan.signals.pack.GoldenReading;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.pack.TokenizerIdentity;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.javaagent.innerspan.bridge.Inference;
import io.opentelemetry.javaagent.innerspan.bridge.Prediction;
import io.opentelemetry.javaagent.innerspan.bridge.Prediction.Phase;
import io.opentelemetry.javaagent.innerspan.bridge.Saliency;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The telemetry of one model that an application has opened. Thread-safe; no method throws because
 * of telemetry.
 *
 * <p>Spans and durations come from the first inference on; scores from {@link #readings} until
 * {@link #noReadings}; the digest from {@link #digest} on. A switch takes effect for inferences
 * that end after it.
 */
public final class ModelTelemetry {
  private static final String SHA256 = "sha256:";

  final Sinks sinks;
  final String spanName;
  final String generationName;
  private final String findingName;
  final MetricAttributes metricAttributes;
  private final ModelNames names;
  private final ChangeFindings changes;
  private volatile State state;

  /** Of the tokenizer beside the model; null while it is not known. */
  private volatile @Nullable String tokenizerHash;

  /** From the first readings on, also when there are none any more: what goes wrong is counted. */
  private volatile ModelMonitors monitors = ModelMonitors.NONE;

  private volatile boolean closed;

  /** As the engine's own instrumentation knows what this model predicts with; null without one. */
  private volatile @Nullable ModelTelemetry engineModel;

  /**
   * What may change while inferences are under way, as one immutable snapshot.
   *
   * @param span attributes of every span
   * @param event attributes of every event
   * @param readings null while there are none
   */
  record State(Attributes span, Attributes event, @Nullable ReadingRecorder readings) {
    /** The model's digest, or empty. */
    String hash() {
      String hash = event.get(Keys.ARTIFACT_HASH);
      return hash == null ? "" : hash;
    }
  }

  ModelTelemetry(Sinks sinks, ModelNames names) {
    this.sinks = sinks;
    this.names = names;
    this.spanName = spanName(InnerspanSpans.INFERENCE, names);
    this.generationName = spanName(InnerspanSpans.GENERATION, names);
    this.findingName = spanName(InnerspanSpans.FINDING_MARK, names);
    this.metricAttributes = new MetricAttributes(names, sinks);
    this.state = new State(spanAttributes(null), eventAttributes(null), null);
    this.changes = new ChangeFindings(this);
  }

  /**
   * Begins an inference in this thread. Its span is a child of the current one, and current until
   * the inference ends; the same thread must end it.
   *
   * @param batchSize the number of rows, or a negative number when there is no batch dimension
   * @param openGates the bits of the gates that are open for this inference
   */
  public Inference start(long batchSize, long openGates) {
    try {
      RunningPrediction prediction = RunningPrediction.current();
      return prediction != null && prediction.takes(this)
          ? prediction.part(this, openGates)
          : RunningInference.start(this, batchSize, openGates);
    } catch (Throwable fault) {
      sinks.health().fault(FaultPlace.RECORD.value(), fault);
      return (reading, rows, failure) -> {};
    }
  }

  /**
   * Begins an inference of a decoder with a cache in this thread, as {@link #start(long, long)}
   * does; it may be a step of a generation, whose span is current then.
   *
   * @param cachedTokens how many tokens are in the cache that the model is given; negative when it
   *     has none
   */
  public Inference start(long batchSize, long openGates, long cachedTokens) {
    if (cachedTokens < 0 || closed) {
      return start(batchSize, openGates);
    }
    try {
      RunningPrediction prediction = RunningPrediction.current();
      if (prediction != null && prediction.takes(this)) {
        return prediction.part(this, openGates);
      }
      return RunningStep.start(this, batchSize, openGates, cachedTokens);
    } catch (Throwable fault) {
      sinks.health().fault(FaultPlace.RECORD.value(), fault);
      return (reading, rows, failure) -> {};
    }
  }

  /**
   * Begins a prediction in this thread. Its span is a child of the current one, and current until
   * the prediction is paused or ends.
   *
   * @param batchSize how many inputs the application gave, or a negative number
   * @param openGates the bits of the gates that are open for this prediction
   */
  public Prediction predict(long batchSize, long openGates) {
    try {
      return RunningPrediction.start(this, batchSize, openGates);
    } catch (Throwable fault) {
      sinks.health().fault(FaultPlace.RECORD.value(), fault);
      return NoPrediction.INSTANCE;
    }
  }

  /** The application has closed the model: its generations are over. */
  public void closed() {
    closed = true;
    sinks.generations().closed(this);
    monitors.close();
  }

  /**
   * From now on the model is known by its content.
   *
   * @param sha256 the SHA-256 of the whole model, in lowercase hexadecimal
   */
  public synchronized void digest(String sha256) {
    String hash = SHA256 + sha256;
    boolean first = state.event().get(Keys.ARTIFACT_HASH) == null;
    state = new State(spanAttributes(hash), eventAttributes(hash), state.readings());
    if (first) {
      guarded(() -> changes.changed(Change.MODEL_CHANGE, names, sinks.changes(), hash));
    }
  }

  /**
   * The application's tokenizer lies beside the model.
   *
   * @param sha256 the SHA-256 of its file, in lowercase hexadecimal
   */
  public synchronized void tokenizer(String sha256) {
    String hash = SHA256 + sha256;
    boolean first = tokenizerHash == null;
    tokenizerHash = hash;
    if (first) {
      guarded(
          () -> changes.changed(Change.TOKENIZER_CHANGE, names, sinks.tokenizerChanges(), hash));
    }
  }

  /**
   * A pack that reads the model was made with another tokenizer than lies beside it.
   *
   * @param sha256 of the one beside it
   */
  public void tokenizerMismatch(ProbePack pack, TokenizerIdentity expected, String sha256) {
    guarded(() -> changes.mismatch(Change.TOKENIZER_MISMATCH, pack, expected.sha256(), sha256));
  }

  /**
   * A pack fits the model by its name or structure, and is for another one.
   *
   * @param sha256 of the model
   */
  public void modelMismatch(ProbePack pack, String sha256) {
    guarded(() -> changes.mismatch(Change.MODEL_MISMATCH, pack, pack.model().sha256(), sha256));
  }

  /**
   * A recorded input is read in another way than it was: a finding.
   *
   * @param reference what its reading has moved from
   */
  public void canaryMoved(
      Canary canary, ProbePack pack, CanaryReference reference, GoldenReading.Deviation deviation) {
    guarded(() -> changes.canaryMoved(canary, pack, reference, deviation));
  }

  /**
   * From now on inferences bring readings. Called by a thread of ours: a new one inherits from it.
   *
   * @param layout what the columns of a reading mean
   * @param packs the packs that the layout's signals come from
   */
  public synchronized void readings(ReadingLayout layout, List<ProbePack> packs) {
    sinks.batches().start();
    ModelMonitors watching = new ModelMonitors(this, layout, packs);
    ReadingRecorder readings =
        new ReadingRecorder(sinks, metricAttributes, layout, Origins.of(packs), watching);
    ModelMonitors before = monitors;
    monitors = watching;
    before.close();
    state = new State(state.span(), state.event(), readings);
  }

  /** From now on inferences bring no readings; what they bring nevertheless is not recorded. */
  public synchronized void noReadings() {
    state = new State(state.span(), state.event(), null);
  }

  /** The model runs without a graft although one was wanted. */
  public void graftRefused(RefusalReason reason) {
    add(sinks.instruments().graftRefusals, metricAttributes.refused(reason));
    monitors.incident(Incident.REFUSAL);
  }

  /** A signal of a pack is not read on this model. */
  public void signalRefused(RefusalReason reason) {
    add(sinks.instruments().signalRefusals, metricAttributes.refused(reason));
    monitors.incident(Incident.REFUSAL);
  }

  /** A tap was left out of the graft. */
  public void tapDropped(RefusalReason reason) {
    add(sinks.instruments().droppedTaps, metricAttributes.refused(reason));
    monitors.incident(Incident.REFUSAL);
  }

  /**
   * Signals are computed for fewer inferences for a time.
   *
   * @param rate the share of inferences for which they still are
   */
  public void shed(List<String> signals, SheddingReason reason, double rate) {
    guarded(
        () -> {
          for (String signal : signals) {
            Attributes attributes =
                metricAttributes.with(Keys.SIGNAL_ID, signal).toBuilder()
                    .put(Keys.SHEDDING_REASON, reason.value())
                    .build();
            sinks.instruments().sheddings.add(1, attributes);
          }
          event(InnerspanEvents.SIGNAL_SHED, InnerspanEvents.SIGNAL_SHED_SEVERITY, signals)
              .setAttribute(Keys.SHEDDING_REASON, reason.value())
              .setAttribute(Keys.SIGNAL_SAMPLING_RATE, rate)
              .emit();
        });
  }

  /** Signals are computed as often as before again. */
  public void restored(List<String> signals) {
    guarded(
        () ->
            event(
                    InnerspanEvents.SIGNAL_RESTORED,
                    InnerspanEvents.SIGNAL_RESTORED_SEVERITY,
                    signals)
                .emit());
  }

  /**
   * The cost of signals was measured anew.
   *
   * @param cost of each, as a share of an inference without it
   */
  public void cost(List<String> signals, double cost) {
    guarded(
        () -> {
          for (String signal : signals) {
            Attributes attributes = metricAttributes.with(Keys.SIGNAL_ID, signal);
            sinks.instruments().signalCost.set(cost, attributes);
          }
        });
  }

  /** A recorded input was replayed, which is no inference. */
  public void canaryReplayed(CanaryKind kind, CanaryOutcome outcome) {
    add(
        sinks.instruments().canaryReplays,
        metricAttributes.with(Keys.CANARY_KIND, kind.label()).toBuilder()
            .put(Keys.CANARY_OUTCOME, outcome.value())
            .build());
  }

  /**
   * The reading of a recorded input was compared.
   *
   * @param deviation in units of what is allowed
   */
  public void canaryCompared(CanaryKind kind, CanaryReference reference, double deviation) {
    guarded(
        () -> {
          Attributes attributes =
              metricAttributes.with(Keys.CANARY_KIND, kind.label()).toBuilder()
                  .put(Keys.CANARY_REFERENCE, reference.value())
                  .build();
          // An infinite one would make the histogram's sum infinite for good.
          double bounded = Math.min(deviation, ChangeFindings.LARGEST_DEVIATION);
          sinks.instruments().canaryDeviation.record(bounded, attributes);
        });
  }

  /** The context of the prediction that this thread is in; else whatever is current. */
  public static Context currentContext() {
    RunningPrediction prediction = RunningPrediction.current();
    return prediction == null ? Context.current() : prediction.context();
  }

  /**
   * An inference was explained.
   *
   * @param context of the inference
   */
  public void explained(Context context, Saliency saliency) {
    guarded(() -> SaliencyEvents.emit(sinks.logger(), state.event(), context, saliency));
  }

  /** An inference was sampled for saliency, and is not explained. */
  public void notExplained(SaliencyMissingReason reason) {
    add(
        sinks.instruments().saliencyMissing,
        metricAttributes.with(Keys.SALIENCY_MISSING_REASON, reason.value()));
  }

  private LogRecordBuilder event(String name, String severity, List<String> signals) {
    // With events switched off the logger records nothing.
    return sinks
        .logger()
        .logRecordBuilder()
        .setEventName(name)
        .setSeverity(io.opentelemetry.api.logs.Severity.valueOf(severity))
        .setAllAttributes(state.event())
        .setAttribute(Keys.EVENT_NAME, name)
        .setAttribute(Keys.SIGNAL_IDS, signals);
  }

  private void guarded(Runnable recording) {
    try {
      recording.run();
    } catch (Throwable fault) {
      sinks.health().fault(FaultPlace.RECORD.value(), fault);
    }
  }

  /** A grafted inference failed and was given to the original model. */
  public void fellBack() {
    add(sinks.instruments().fallbacks, metricAttributes.model());
    monitors.incident(Incident.FALLBACK);
  }

  State state() {
    return state;
  }

  /** The model's name, or empty. */
  String nameOrEmpty() {
    return names.name() == null ? "" : names.name();
  }

  String engine() {
    return names.engine();
  }

  /**
   * Something was found: an event, and a count.
   *
   * @param pack that what found it belongs to, or null
   * @param context of the inference that completed it, or the root
   */
  public void found(Finding finding, @Nullable ProbePack pack, Context context) {
    found(finding, pack == null ? null : Origin.of(pack), context);
  }

  void found(Finding finding, @Nullable Origin origin, Context context) {
    guarded(
        () -> {
          Attributes counted =
              ofMonitor(finding.rule(), finding.kind())
                  .put(Keys.FINDING_SEVERITY, finding.rule().severity().label())
                  .build();
          sinks.instruments().findings.add(1, counted, context);
          if (sinks.settings().events()) {
            FindingEvents.emit(
                sinks.logger(),
                finding,
                findingAttributes(),
                origin,
                sinks.settings().runbooks().of(finding),
                context);
          }
          if (sinks.settings().spans() && Span.fromContext(context).getSpanContext().isSampled()) {
            markTrace(finding, context);
          }
        });
  }

  /** Puts a span without length into the trace, which what keeps or shows traces can see. */
  private void markTrace(Finding finding, Context context) {
    SpanBuilder builder =
        sinks
            .tracer()
            .spanBuilder(findingName)
            .setParent(context)
            .setAttribute(Keys.FINDING_ID, finding.id())
            .setAttribute(Keys.FINDING_KIND, finding.kind().label())
            .setAttribute(Keys.FINDING_SEVERITY, finding.rule().severity().label())
            .setAttribute(Keys.MONITOR_ID, finding.rule().id());
    if (names.name() != null) {
      builder.setAttribute(Keys.MODEL_NAME, names.name());
    }
    builder.startSpan().end();
  }

  /** A finding is not told, because the same was shortly before. */
  void heldBack(Rule rule, FindingKind kind) {
    sinks.instruments().findingsHeldBack.add(1, ofMonitor(rule, kind).build());
  }

  private AttributesBuilder ofMonitor(Rule rule, FindingKind kind) {
    return metricAttributes.with(Keys.MONITOR_ID, rule.id()).toBuilder()
        .put(Keys.FINDING_KIND, kind.label());
  }

  /** Monitors did not see a reading. */
  void missed() {
    add(sinks.instruments().monitorsMissed, metricAttributes.model());
  }

  /**
   * An inference took so long.
   *
   * @param errorType the kind of its error, or null if it did not fail
   */
  void took(double seconds, @Nullable String errorType, Context context) {
    Attributes labels = metricAttributes.duration(errorType);
    sinks.instruments().duration.record(seconds, labels, context);
    sinks.cohorts().took(seconds, labels, context);
  }

  /** An inference of the application failed, in this thread. */
  void failed() {
    monitors.incident(Incident.ERROR);
  }

  /** Under whose name predictions are told. */
  ModelTelemetry identity() {
    ModelTelemetry known = engineModel;
    return known == null ? this : known;
  }

  /** The engine's own instrumentation knows the model: predictions are told under its name. */
  void identity(ModelTelemetry model) {
    engineModel = model;
  }

  /** Begins the span of a prediction's phase. */
  Span startPhase(Phase phase, Context parent) {
    String operation =
        switch (phase) {
          case PREPROCESS -> InnerspanSpans.PREPROCESS;
          case FORWARD -> InnerspanSpans.FORWARD;
          case POSTPROCESS -> InnerspanSpans.POSTPROCESS;
        };
    SpanBuilder builder = sinks.tracer().spanBuilder(spanName(operation, names)).setParent(parent);
    if (names.name() != null) {
      builder.setAttribute(Keys.MODEL_NAME, names.name());
    }
    return builder.startSpan();
  }

  /** Records a reading and its crossings. */
  void record(
      State at,
      ReadingRecorder recorder,
      float[] values,
      int rows,
      long openGates,
      long batchSize,
      Span span,
      Context context) {
    Crossings crossings = recorder.record(values, rows, openGates, span, context);
    if (crossings.count() > 0 && sinks.settings().events()) {
      List<Crossing> told = room(crossings.reported());
      long omitted = crossings.count() - told.size();
      CrossingEvents.emit(sinks.logger(), told, omitted, at.event(), batchSize, context);
    }
  }

  /** As many of the crossings as there is room for events; what has none is counted. */
  List<Crossing> room(List<Crossing> crossings) {
    int told = sinks.eventRoom().take(crossings.size());
    if (told == crossings.size()) {
      return crossings;
    }
    sinks.instruments().crossingsHeldBack.add(crossings.size() - told, metricAttributes.model());
    return crossings.subList(0, told);
  }

  /** Begins a span of this model; an invalid one when spans are switched off. */
  Span startSpan(String name, State atStart, Context parent, long batchSize) {
    if (!sinks.settings().spans()) {
      return Span.getInvalid();
    }
    SpanBuilder builder =
        sinks
            .tracer()
            .spanBuilder(name)
            .setParent(parent)
            .setSpanKind(SpanKind.INTERNAL)
            .setAllAttributes(atStart.span());
    if (batchSize >= 0) {
      builder.setAttribute(Keys.BATCH_SIZE, batchSize);
    }
    return builder.startSpan();
  }

  private static String spanName(String operation, ModelNames names) {
    return names.name() == null ? operation : operation + " " + names.name();
  }

  private void add(LongCounter counter, Attributes attributes) {
    try {
      counter.add(1, attributes);
    } catch (Throwable fault) {
      sinks.health().fault(FaultPlace.RECORD.value(), fault);
    }
  }

  private Attributes spanAttributes(@Nullable String hash) {
    return named(hash)
        .put(Keys.ARTIFACT_FILENAME, names.filename())
        .put(Keys.ENGINE_NAME, names.engine())
        .put(Keys.ENGINE_VERSION, names.engineVersion())
        .build();
  }

  private Attributes eventAttributes(@Nullable String hash) {
    return named(hash).build();
  }

  private Attributes findingAttributes() {
    return state.event().toBuilder().put(Keys.TOKENIZER_HASH, tokenizerHash).build();
  }

  // A builder leaves out what is null.
  private AttributesBuilder named(@Nullable String hash) {
    return Attributes.builder().put(Keys.MODEL_NAME, names.name()).put(Keys.ARTIFACT_HASH, hash);
  }
}
