package io.innerspan.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.opentelemetry.javaagent.innerspan.bridge.Inference;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which runs are one generation, when it ends, and that none stays behind. */
class GenerationTest {
  private static final String NAME = "generation minilm";

  private final AtomicLong now = new AtomicLong();
  private final Backend backend = new Backend(RecorderSettings.all(), Sampler.alwaysOn(), now::get);
  private final Tracer application = backend.sdk().getTracer("application");
  private final ModelTelemetry model = backend.model();

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void runs_underOneParent_areOneSpan() {
    Span request = request();
    run(request, model, 0);
    for (int cached = 7; cached < 12; cached++) {
      run(request, model, cached);
    }
    assertThat(backend.spans()).isEmpty();
    request.end();

    SpanData span = generations().get(0);
    assertThat(generations()).hasSize(1);
    assertThat(backend.spans()).hasSize(2);
    assertThat(span.getParentSpanId()).isEqualTo(request.getSpanContext().getSpanId());
    assertThat(span.getAttributes().get(Keys.GENERATION_STEPS)).isEqualTo(6);
    assertThat(span.getAttributes().get(Keys.PROMPT_TOKENS)).isEqualTo(7);
    assertThat(span.getAttributes().get(Keys.GENERATED_TOKENS)).isEqualTo(6);
    assertThat(span.getAttributes().get(Keys.BATCH_SIZE)).isEqualTo(1);
    assertThat(span.getAttributes().get(Keys.ENGINE_NAME)).isEqualTo("onnxruntime");
    assertThat(span.getStatus()).isEqualTo(StatusData.unset());
    assertThat(backend.recorder.generations().size()).isZero();
  }

  @Test
  void span_ofGeneration_endsWithItsLastStepAndNotLater() {
    Span request = request();
    run(request, model, 0);
    Inference last = start(request, model, 3);
    Span after = child(request);
    last.end(null, 0, null);
    after.end();
    Span later = child(request);
    later.end();
    request.end();

    SpanData generation = generations().get(0);
    SpanData parent = named("request").get(0);
    long laterBegan =
        named("child").stream().mapToLong(SpanData::getStartEpochNanos).max().orElseThrow();
    assertThat(generation.getStartEpochNanos()).isGreaterThanOrEqualTo(parent.getStartEpochNanos());
    assertThat(generation.getEndEpochNanos())
        .isGreaterThan(generation.getStartEpochNanos())
        .isLessThanOrEqualTo(laterBegan)
        .isLessThan(parent.getEndEpochNanos());
  }

  @Test
  void step_underWay_hasTheGenerationCurrent() {
    Span request = request();
    run(request, model, 0);
    Inference step;
    try (Scope scope = request.makeCurrent()) {
      assertThat(scope).isNotNull();
      step = model.start(1, -1, 5);
      application.spanBuilder("inside").startSpan().end();
      step.end(null, 0, null);
      assertThat(Span.current()).isSameAs(request);
    }
    request.end();

    assertThat(named("inside").get(0).getParentSpanId())
        .isEqualTo(generations().get(0).getSpanId());
  }

  @Test
  void run_withEmptyCache_beginsAnotherGenerationUnderTheSameParent() {
    Span request = request();
    run(request, model, 0);
    run(request, model, 4);
    run(request, model, 0);
    assertThat(generations()).hasSize(1);
    run(request, model, 9);
    run(request, model, 10);
    request.end();

    assertThat(generations())
        .extracting(span -> span.getAttributes().get(Keys.GENERATION_STEPS))
        .containsExactly(2L, 3L);
  }

  @Test
  void run_withNoMoreCachedThanTheFirst_beginsAnotherGeneration() {
    Span request = request();
    for (long cached : new long[] {1, 5, 6, 1, 8}) {
      run(request, model, cached);
    }
    request.end();

    assertThat(generations())
        .extracting(span -> span.getAttributes().get(Keys.GENERATION_STEPS))
        .containsExactly(3L, 2L);
  }

  @Test
  void cacheOfFixedLength_makesEveryRunAGeneration() {
    Span request = request();
    run(request, model, 64);
    run(request, model, 64);
    request.end();

    assertThat(generations()).hasSize(2);
  }

  @Test
  void firstRun_withFullCache_beginsAGeneration() {
    Span request = request();
    run(request, model, 30);
    run(request, model, 31);
    request.end();

    assertThat(generations()).hasSize(1);
    assertThat(generations().get(0).getAttributes().get(Keys.GENERATED_TOKENS)).isEqualTo(2);
  }

  @Test
  void runs_withoutCache_areSpansOfTheirOwn() {
    Span request = request();
    run(request, model, -1);
    run(request, model, -1);

    assertThat(named("inference minilm")).hasSize(2);
    assertThat(backend.recorder.generations().size()).isZero();
  }

  @Test
  void generations_underDifferentParents_areApartThoughInterleavedInManyThreads() {
    int requests = 16;
    int steps = 50;
    List<Span> parents = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (int i = 0; i < requests; i++) {
        parents.add(request());
      }
      for (int step = 0; step < steps; step++) {
        List<Future<?>> round = new ArrayList<>();
        for (Span parent : parents) {
          long cached = step == 0 ? 0 : 10 + step;
          round.add(threads.submit(() -> run(parent, model, cached)));
        }
        for (Future<?> each : round) {
          get(each);
        }
      }
    } finally {
      threads.shutdown();
    }
    parents.forEach(Span::end);

    assertThat(generations()).hasSize(requests);
    assertThat(generations())
        .allMatch(span -> span.getAttributes().get(Keys.GENERATION_STEPS) == steps);
    assertThat(generations().stream().map(SpanData::getParentSpanId).distinct()).hasSize(requests);
    assertThat(backend.recorder.generations().size()).isZero();
  }

  @Test
  void models_underOneParent_haveGenerationsOfTheirOwn() {
    ModelTelemetry other =
        backend.recorder.model(new ModelNames("draft", null, "onnxruntime", "1"));
    Span request = request();
    run(request, model, 0);
    run(request, other, 0);
    run(request, model, 4);
    run(request, other, 5);
    request.end();

    assertThat(generations()).hasSize(1);
    assertThat(named("generation draft")).hasSize(1);
  }

  @Test
  void parentEnded_whileAStepIsUnderWay_waitsForTheStep() {
    Span request = request();
    run(request, model, 0);
    Inference step = start(request, model, 3);
    request.end();
    assertThat(generations()).isEmpty();
    step.end(null, 0, null);

    assertThat(generations()).hasSize(1);
    assertThat(generations().get(0).getAttributes().get(Keys.GENERATION_STEPS)).isEqualTo(2);
  }

  @Test
  void withoutParent_theThreadGroupsUntilAnotherPromptOrClose() {
    for (long cached : new long[] {0, 4, 5, 0, 6}) {
      model.start(1, -1, cached).end(null, 0, null);
    }
    assertThat(generations()).hasSize(1);
    model.closed();

    assertThat(generations())
        .extracting(span -> span.getAttributes().get(Keys.GENERATION_STEPS))
        .containsExactly(3L, 2L);
    assertThat(generations()).allMatch(span -> !span.getParentSpanContext().isValid());
    model.start(1, -1, 9).end(null, 0, null);
    assertThat(named("inference minilm")).hasSize(1);
    assertThat(backend.recorder.generations().size()).isZero();
  }

  @Test
  void idle_generation_isEndedWhenMetricsAreCollected() {
    model.start(1, -1, 0).end(null, 0, null);
    now.addAndGet(Generations.IDLE_NANOS - 1);
    backend.metrics();
    assertThat(generations()).isEmpty();
    now.addAndGet(1);
    backend.metrics();
    assertThat(generations()).hasSize(1);
    assertThat(backend.recorder.generations().size()).isZero();
  }

  @Test
  void idle_generation_isEndedWhenAnotherStepBegins_butNotOneUnderWay() {
    Inference slow = start(request(), model, 0);
    run(request(), model, 0);
    now.addAndGet(Generations.IDLE_NANOS);
    run(request(), model, 0);
    assertThat(generations()).hasSize(1);
    slow.end(null, 0, null);
    assertThat(generations()).hasSize(1);
    assertThat(backend.recorder.generations().size()).isEqualTo(2);
  }

  @Test
  void open_generations_areBoundedByTheOldest() {
    List<Span> requests = new ArrayList<>();
    for (int i = 0; i < Generations.LIMIT + 10; i++) {
      requests.add(request());
      run(requests.get(i), model, 0);
    }
    assertThat(backend.recorder.generations().size()).isEqualTo(Generations.LIMIT);
    assertThat(generations().stream().map(SpanData::getParentSpanId))
        .containsExactlyElementsOf(
            requests.subList(0, 10).stream().map(r -> r.getSpanContext().getSpanId()).toList());
    requests.forEach(Span::end);
    assertThat(generations()).hasSize(Generations.LIMIT + 10);
    assertThat(backend.recorder.generations().size()).isZero();
  }

  @Test
  void shutdown_endsWhatIsOpen() {
    Span request = request();
    run(request, model, 0);
    backend.sdk().getSdkTracerProvider().shutdown();

    assertThat(backend.recorder.generations().size()).isZero();
  }

  @Test
  void failure_ofAStep_isTheGenerationsAndItGoesOn() {
    Span request = request();
    run(request, model, 0);
    start(request, model, 3).end(null, 0, new IllegalStateException("secret prompt"));
    run(request, model, 3);
    request.end();

    SpanData span = generations().get(0);
    assertThat(span.getStatus()).isEqualTo(StatusData.error());
    assertThat(span.getAttributes().get(Keys.ERROR_TYPE))
        .isEqualTo("java.lang.IllegalStateException");
    assertThat(span.getAttributes().get(Keys.GENERATION_STEPS)).isEqualTo(3);
    assertThat(span.toString()).doesNotContain("secret");
  }

  @Test
  void metrics_countEveryStepAndTheGeneration() {
    Span request = request();
    run(request, model, 0);
    now.addAndGet(3_000_000_000L);
    run(request, model, 3);
    run(request, model, 4);
    request.end();

    Attributes name = Attributes.of(Keys.MODEL_NAME, "minilm");
    Attributes engine = name.toBuilder().put(Keys.ENGINE_NAME, "onnxruntime").build();
    assertThat(backend.histogram("innerspan.generation.duration", engine).getSum()).isEqualTo(3);
    assertThat(backend.histogram("innerspan.generation.steps", name).getSum()).isEqualTo(3);
    assertThat(backend.histogram("innerspan.inference.duration", engine).getCount()).isEqualTo(3);
    assertThat(steps("first")).isEqualTo(1);
    assertThat(steps("later")).isEqualTo(2);
  }

  @Test
  void notSampled_stillMeasuresAndReportsCrossings() {
    try (Backend quiet = new Backend(RecorderSettings.all(), Sampler.alwaysOff(), now::get)) {
      ModelTelemetry unsampled = quiet.model();
      Packs.on(unsampled, List.of(Packs.probe("p", 0.5)));
      unsampled.start(1, -1, 0).end(new float[] {-5, 4}, 1, null);
      unsampled.start(1, -1, 4).end(new float[] {5, 1}, 1, null);
      unsampled.closed();

      assertThat(quiet.spans()).isEmpty();
      assertThat(quiet.events())
          .singleElement()
          .satisfies(
              event -> assertThat(event.getAttributes().get(Keys.GENERATION_STEP)).isEqualTo(1));
      assertThat(
              quiet
                  .histogram("innerspan.generation.steps", Attributes.of(Keys.MODEL_NAME, "minilm"))
                  .getSum())
          .isEqualTo(2);
    }
  }

  @Test
  void probes_overSteps_areTheirMaximumItsStepAndTheMean() {
    Packs.on(model, List.of(Packs.probe("p", 0.5), Packs.probe("q", null)));
    Span request = request();
    float high = Packs.NINE_TENTHS;
    float low = Packs.ONE_TENTH;
    read(request, 0, 2, low, low, 4, high, low, 4);
    read(request, 4, 2, high, low, 1, low, high, 1);
    read(request, 5, 2, low, low, 1, low, Float.NaN, 1);
    request.end();

    Attributes span = generations().get(0).getAttributes();
    assertThat(span.get(Keys.probeScore("p"))).isCloseTo(0.9, within(1e-6));
    assertThat(span.get(Keys.probeLabel("p"))).isEqualTo("yes");
    assertThat(span.get(Keys.stepsPeak("p"))).isZero();
    assertThat(span.get(Keys.stepsMean("p"))).isCloseTo((4 * 0.1 + 2 * 0.9) / 6, within(1e-6));
    assertThat(span.get(Keys.stepsPeak("q"))).isEqualTo(1);
    assertThat(span.get(Keys.stepsMean("q"))).isCloseTo((4 * 0.1 + 0.9) / 5, within(1e-6));
    assertThat(span.get(Keys.PACK)).containsExactly("guard@1.2.0");
    assertThat(span.get(Keys.PACK_HASHES)).containsExactly("sha256:" + Packs.DIGEST);
    assertThat(span.get(Keys.MISSING_ROWS)).isNull();
  }

  @Test
  void probes_moreThanFit_keepPositiveOnesAndSayHowManyAreLeftOut() {
    Packs.on(model, Packs.probes(60, 0.5));
    float[] reading = new float[61];
    java.util.Arrays.fill(reading, -3);
    reading[7] = 3;
    reading[60] = 4;
    Span request = request();
    run(request, model, 0, reading, 1);
    request.end();

    SpanData span = generations().get(0);
    assertThat(span.getTotalAttributeCount()).isEqualTo(span.getAttributes().size());
    assertThat(span.getAttributes().get(Keys.probeLabel("p7"))).isEqualTo("yes");
    assertThat(span.getAttributes().get(Keys.stepsPeak("p7"))).isZero();
    assertThat(span.getAttributes().get(Keys.OMITTED_PROBES)).isEqualTo(29);
  }

  @Test
  void crossings_raiseEventsInTheFirstStepThatCrosses_andAreCounted() {
    Packs.on(model, List.of(Packs.probe("p", 0.5), Packs.probe("q", 0.5)));
    Span request = request();
    read(request, 0, 1, -1, -1, 4);
    read(request, 4, 1, 1, -1, 1);
    read(request, 5, 1, 9, -1, 1);
    read(request, 6, 1, 9, 2, 1);
    request.end();

    assertThat(backend.events())
        .extracting(GenerationTest::probe, event -> event.getAttributes().get(Keys.GENERATION_STEP))
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("p", 1L),
            org.assertj.core.groups.Tuple.tuple("q", 3L));
    SpanData span = generations().get(0);
    assertThat(backend.events())
        .allMatch(event -> event.getSpanContext().getSpanId().equals(span.getSpanId()));
    assertThat(span.getAttributes().get(Keys.OMITTED_CROSSINGS)).isEqualTo(2);
    assertThat(
            backend.counter(
                "innerspan.probe.threshold_crossing",
                Attributes.of(Keys.PROBE_ID, "p", Keys.MODEL_NAME, "minilm")))
        .isEqualTo(3);
  }

  @Test
  void crossings_ofManyProbes_raiseNoMoreEventsThanOneInference() {
    Packs.on(model, Packs.probes(40, 0.5));
    Span request = request();
    for (int step = 0; step < 40; step++) {
      float[] reading = new float[41];
      java.util.Arrays.fill(reading, -3);
      reading[step] = 3;
      reading[40] = 1;
      run(request, model, step, reading, 1);
    }
    request.end();

    assertThat(backend.events()).hasSize(Crossings.LIMIT);
    assertThat(generations().get(0).getAttributes().get(Keys.OMITTED_CROSSINGS)).isEqualTo(24);
  }

  @Test
  void distance_overSteps_isTheFarthestItsStepAndTheMean() {
    Packs.on(model, List.of(Kinds.distance("ordinary")));
    Span request = request();
    read(request, 0, 1, 4, 4);
    read(request, 4, 1, 25, 1);
    read(request, 5, 1, 4, 1);
    request.end();

    Attributes span = generations().get(0).getAttributes();
    assertThat(span.get(number("innerspan.population.ordinary.distance"))).isEqualTo(5);
    assertThat(span.get(Keys.stepsPeak("ordinary"))).isEqualTo(1);
    assertThat(span.get(Keys.stepsMean("ordinary"))).isEqualTo(3);
  }

  @Test
  void attention_overSteps_isTheMean() {
    Packs.on(model, List.of(Kinds.attention("attn_4", 2)));
    Span request = request();
    read(request, 0, 1, 1, 2, 0, 0, 3, 3, 4);
    read(request, 4, 1, 3, 4, 1, 0, 5, 5, 1);
    request.end();

    Attributes span = generations().get(0).getAttributes();
    assertThat(span.get(number("innerspan.attention.attn_4.entropy"))).isEqualTo(2.5);
    assertThat(span.get(number("innerspan.attention.attn_4.first_token_share"))).isEqualTo(0.25);
    assertThat(span.get(number("innerspan.attention.attn_4.mean_distance"))).isEqualTo(4);
  }

  @Test
  void confidence_overSteps_isTheLeastSureStepAndTheLargestDisagreement() {
    Packs.on(model, List.of(Packs.probe("p", null), Kinds.confidence("sure", "p")));
    Span request = request();
    float high = Packs.NINE_TENTHS;
    // The probe, probability, margin, entropy, the compared answer's probability, tokens.
    read(request, 0, 1, high, 0.8f, 0.5f, 1, 0.5f, 4);
    read(request, 4, 1, high, 0.4f, 0.1f, 2, 0.9f, 1);
    request.end();

    Attributes span = generations().get(0).getAttributes();
    assertThat(span.get(number("innerspan.confidence.sure.max_probability")))
        .isCloseTo(0.4, within(1e-6));
    assertThat(span.get(number("innerspan.confidence.sure.entropy"))).isEqualTo(2);
    assertThat(span.get(number("innerspan.confidence.sure.disagreement")))
        .isCloseTo(0.4, within(1e-6));
    assertThat(span.get(Keys.stepsPeak("sure"))).isEqualTo(1);
    assertThat(span.get(Keys.stepsMean("sure"))).isCloseTo(0.6, within(1e-6));
  }

  @Test
  void features_overSteps_areOfTheStrongestStepAndWatchedOnesTheirLargest() {
    Packs.on(model, List.of(Kinds.sae("sae_8", "refusal")));
    Span request = request();
    read(request, 0, 1, 3, 9, 1, 0.5f, 0, 1, 11, 0.5f, 2, 6);
    read(request, 6, 1, 7, 12, 4, 0, 5, 0, 1, 0.25f, 0, 1);
    request.end();

    Attributes span = generations().get(0).getAttributes();
    assertThat(span.get(AttributeKey.longArrayKey("innerspan.sae.sae_8.features")))
        .containsExactly(7L);
    assertThat(span.get(number("innerspan.feature.sae_8.refusal.activation"))).isEqualTo(2);
    assertThat(span.get(Keys.stepsPeak("sae_8"))).isEqualTo(1);
    assertThat(span.get(Keys.stepsMean("sae_8"))).isNull();
  }

  @Test
  void readings_beginningInMidGeneration_areTold() {
    Span request = request();
    run(request, model, 0);
    Packs.on(model, List.of(Packs.probe("p", 0.5)));
    read(request, 4, 1, 2, 1);
    request.end();

    Attributes span = generations().get(0).getAttributes();
    assertThat(span.get(Keys.stepsPeak("p"))).isEqualTo(1);
    assertThat(span.get(Keys.GENERATION_STEPS)).isEqualTo(2);
  }

  private Span request() {
    return application.spanBuilder("request").setNoParent().startSpan();
  }

  private Span child(Span parent) {
    try (Scope scope = parent.makeCurrent()) {
      assertThat(scope).isNotNull();
      return application.spanBuilder("child").startSpan();
    }
  }

  /** Begins a run in a thread of its own, where it also ends. */
  @SuppressWarnings("MustBeClosedChecker") // The thread ends with the run.
  private static Inference start(Span parent, ModelTelemetry model, long cached) {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    Inference inference =
        get(
            thread.submit(
                () -> {
                  parent.makeCurrent();
                  return model.start(1, -1, cached);
                }));
    return (reading, rows, failure) -> {
      get(thread.submit(() -> inference.end(reading, rows, failure), true));
      thread.shutdown();
    };
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  private static void run(Span parent, ModelTelemetry model, long cached) {
    run(parent, model, cached, null, 0);
  }

  private static void run(
      Span parent, ModelTelemetry model, long cached, float @Nullable [] reading, int rows) {
    try (Scope scope = parent.makeCurrent()) {
      assertThat(scope).isNotNull();
      model.start(1, -1, cached).end(reading, rows, null);
    }
  }

  private void read(Span parent, long cached, int rows, float... reading) {
    run(parent, model, cached, reading, rows);
  }

  private long steps(String phase) {
    return backend
        .histogram(
            "innerspan.generation.step.duration",
            Attributes.of(Keys.GENERATION_PHASE, phase, Keys.MODEL_NAME, "minilm"))
        .getCount();
  }

  private List<SpanData> generations() {
    return named(NAME);
  }

  private List<SpanData> named(String name) {
    return backend.spans().stream().filter(span -> span.getName().equals(name)).toList();
  }

  private static @Nullable String probe(LogRecordData event) {
    return event.getAttributes().get(Keys.PROBE_ID);
  }

  private static AttributeKey<Double> number(String name) {
    return AttributeKey.doubleKey(name);
  }
}
