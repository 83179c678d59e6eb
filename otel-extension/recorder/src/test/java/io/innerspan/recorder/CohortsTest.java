package io.innerspan.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.drift.Allowance;
import io.innerspan.signals.drift.Baseline;
import io.innerspan.signals.drift.DriftMethod;
import io.innerspan.signals.monitor.DriftMonitor;
import io.innerspan.signals.monitor.FindingGate;
import io.innerspan.signals.monitor.Monitor;
import io.innerspan.signals.monitor.MonitorScope;
import io.innerspan.signals.monitor.MonitorSet;
import io.innerspan.signals.monitor.Monitors;
import io.innerspan.signals.monitor.RateMonitor;
import io.innerspan.signals.monitor.Rule;
import io.innerspan.signals.monitor.Severity;
import io.innerspan.signals.monitor.Side;
import io.innerspan.signals.monitor.SignalBaseline;
import io.innerspan.signals.monitor.Watched;
import io.innerspan.signals.monitor.Window;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CohortsTest {
  private static final AttributeKey<String> KEY = AttributeKey.stringKey("innerspan.cohort.key");
  private static final AttributeKey<String> VALUE =
      AttributeKey.stringKey("innerspan.cohort.value");

  @Test
  void list_isKeysInTheirOrder() {
    assertThat(CohortKey.list("baggage:tier, span:http.route,,resource:service.version"))
        .containsExactly(
            new CohortKey(CohortKey.Source.BAGGAGE, "tier"),
            new CohortKey(CohortKey.Source.SPAN, "http.route"),
            new CohortKey(CohortKey.Source.RESOURCE, "service.version"));
    assertThat(CohortKey.list(" ")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tier | expected baggage:, span: or resource: and a name, found tier",
        "header:tier | expected baggage:, span: or resource: and a name, found header:tier",
        "baggage: | expected baggage:, span: or resource: and a name, found baggage:",
        "baggage:a,span:a | expected each name once, found a",
        "span:a,span:b,span:c,span:d,span:e,span:f,span:g,span:h,span:i | expected at most 8, found 9",
      })
  void list_thatIsNone_isRefused(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CohortKey.list(text))
        .withMessage(message);
  }

  @Test
  void inference_isInTheSlicesOfBaggageSpanAndResource() {
    try (Backend backend = backend("baggage:tier,span:route,span:code,resource:service.name", 50)) {
      ModelTelemetry model = backend.model();
      Packs.on(model, List.of(Packs.probe("p", 0.5)));
      Span request =
          backend
              .sdk()
              .getTracer("test")
              .spanBuilder("request")
              .setAttribute("route", "/embed")
              .setAttribute("code", 7)
              .startSpan();
      Context context =
          Context.root().with(request).with(Baggage.builder().put("tier", "gold").build());
      try (Scope scope = context.makeCurrent()) {
        model.start(2, -1).end(new float[] {Packs.NINE_TENTHS, 1, Packs.ONE_TENTH, 1}, 2, null);
      }

      for (List<String> slice :
          List.of(
              List.of("tier", "gold"),
              List.of("route", "/embed"),
              List.of("code", "7"),
              List.of("service.name", "unknown_service:java"))) {
        HistogramPointData scores =
            backend.histogram("innerspan.cohort.score", probe(slice.get(0), slice.get(1)));
        assertThat(scores.getCount()).isEqualTo(2);
        assertThat(scores.getSum()).isCloseTo(1, within(1e-6));
        assertThat(
                backend.counter(
                    "innerspan.cohort.row", Attributes.of(KEY, slice.get(0), VALUE, slice.get(1))))
            .isEqualTo(2);
      }
    }
  }

  @Test
  void inference_withoutAValue_isInNoSlice() {
    try (Backend backend = backend("baggage:tier,span:route", 50)) {
      ModelTelemetry model = backend.model();
      Packs.on(model, List.of(Packs.probe("p", 0.5)));
      model.start(1, -1).end(new float[] {1, 1}, 1, null);

      assertThat(backend.metrics())
          .noneMatch(metric -> metric.getName().startsWith("innerspan.cohort."));
    }
  }

  /** Two in a hundred are of one tier, whose scores change; the rest stay as they are. */
  @Test
  void slice_ofTwoPercent_showsWhatTheWholeHides() {
    try (Backend backend = backend("baggage:tier", 50)) {
      ModelTelemetry model = backend.model();
      Packs.on(model, List.of(Packs.probe("p", 0.5)));
      Random random = new Random(1);
      for (int i = 0; i < 5000; i++) {
        boolean rare = i % 50 == 0;
        float logit = (float) random.nextGaussian() * 0.5f + (rare ? 1 : -2);
        read(model, rare ? "gold" : "silver", logit);
      }

      double whole =
          mean(
              backend
                  .metric("innerspan.probe.score")
                  .getHistogramData()
                  .getPoints()
                  .iterator()
                  .next());
      double silver = mean(backend.histogram("innerspan.cohort.score", probe("tier", "silver")));
      double gold = mean(backend.histogram("innerspan.cohort.score", probe("tier", "gold")));
      assertThat(whole - silver).isLessThan(0.02);
      assertThat(gold - silver).isGreaterThan(0.5);
    }
  }

  /**
   * The same, found by a monitor that watches each tier by itself, and by none that watches all.
   */
  @Test
  void slice_ofTwoPercent_isFoundByItsOwnMonitor() {
    try (Backend backend = backend("baggage:tier", 50)) {
      ModelTelemetry model = backend.model();
      List<LinearProbe> signals = List.of(Packs.probe("p", null));
      monitored(model, signals, drift("whole", null), drift("each", "tier"));
      Random random = new Random(2);
      for (int i = 0; i < 20_000; i++) {
        boolean rare = i % 50 == 0;
        float logit = (float) random.nextGaussian() + (rare && i >= 10_000 ? 1 : 0);
        read(model, rare ? "gold" : "silver", logit);
      }
      backend.recorder.batches().drain();

      assertThat(backend.events()).isNotEmpty();
      assertThat(backend.events())
          .extracting(
              event ->
                  event.getAttributes().get(AttributeKey.stringKey("innerspan.finding.cohort")))
          .containsOnly("tier=gold");
    }
  }

  @Test
  void monitor_byAKeyThatNothingIsToldApartBy_isRefused() {
    try (Backend backend = backend("baggage:tier", 50)) {
      monitored(backend.model(), List.of(Packs.probe("p", 0.5)), drift("each", "language"));

      assertThat(
              backend.counter(
                  "innerspan.monitor.refusal",
                  Attributes.of(
                      AttributeKey.stringKey("innerspan.refusal.reason"), "invalid_monitor")))
          .isEqualTo(1);
    }
  }

  /** What slices take is counted before they are made: no more are than there is room for. */
  @Test
  void aThousandWatchedSignals_ofFiftySlices_staySmall() {
    List<LinearProbe> signals = new ArrayList<>();
    List<SignalBaseline> baselines = new ArrayList<>();
    Baseline baseline = Baseline.of(new Random(3).doubles(20_000).toArray());
    for (int i = 0; i < 1000; i++) {
      signals.add(Packs.probe("p" + i, 0.5));
      baselines.add(
          new SignalBaseline("b" + i, new Watched("p" + i, "logit"), Packs.DIGEST, baseline));
    }
    MonitorSet all =
        new MonitorSet(
            new Monitors(List.of(drift("each", "tier", baselines)), baselines),
            new ReadingLayout(signals),
            new MonitorScope("guard@1.0.0", Packs.DIGEST, ""),
            new FindingGate("test"),
            refused -> {
              throw new AssertionError(refused.id());
            });
    all.forSlice("tier=warm-up");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    all.forSlice("tier=gold");
    long taken = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat((double) taken).isBetween(0.5 * all.bytes(), 1.1 * all.bytes());
    assertThat(50 * all.bytes()).isLessThan(SliceRoom.BYTES);
  }

  private static long missed(Backend backend) {
    return backend.metric("innerspan.monitor.missed").getLongSumData().getPoints().stream()
        .mapToLong(LongPointData::getValue)
        .sum();
  }

  /** All models share one room. */
  @Test
  void slices_thatThereIsNoRoomFor_areNotWatched() {
    List<LinearProbe> signals = List.of(Packs.probe("p", 0.5));
    List<Monitor> monitors = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      Rule rule = new Rule("r" + i, Severity.LOW, List.of(), null, 0, "tier");
      monitors.add(
          new RateMonitor(rule, Watched.of("p"), Side.ABOVE, 0.9, 1, 0.5, Window.ofCount(100_000)));
    }
    try (Backend backend = backend("baggage:tier", 50)) {
      List<ModelTelemetry> models = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        ModelTelemetry model = backend.recorder.model(Backend.NAMES);
        model.readings(
            new ReadingLayout(signals),
            List.of(
                Packs.pack("guard", "1.2.0", signals)
                    .withMonitors(new Monitors(monitors, List.of()))));
        models.add(model);
      }
      for (ModelTelemetry model : models) {
        for (int i = 0; i < 4; i++) {
          read(model, "v" + i, 1);
        }
        backend.recorder.batches().drain();
      }

      // 400 windows of 100,000 bits are some 5 MiB, of which all models together have 32.
      assertThat(missed(backend)).isEqualTo(2 * 4 - 6);

      models.get(0).closed();
      for (int i = 0; i < 10; i++) {
        read(models.get(1), "w" + i, 1);
      }
      backend.recorder.batches().drain();
      // The four of the model that was closed gave their room back.
      assertThat(missed(backend)).isEqualTo(2 * 4 - 6 + 10 - 4);
    }
  }

  @Test
  void aHundredThousandValues_areFewSeries_andAreSaid() {
    try (Backend backend = backend("baggage:tier", 50)) {
      ModelTelemetry model = backend.model();
      Packs.on(model, List.of(Packs.probe("p", 0.5)));
      for (int i = 0; i < 100_000; i++) {
        read(model, "v" + i, 1);
      }
      backend.recorder.batches().drain();

      assertThat(points(backend)).hasSize(51);
      assertThat(backend.histogram("innerspan.cohort.score", probe("tier", "_OTHER")).getCount())
          .isEqualTo(100_000 - 50);
      assertThat(backend.counter("innerspan.cohort.folded", folded("score")))
          .isEqualTo(100_000 - 50);
    }
  }

  @Test
  void aThousandProbesAndFiftySlices_stayBelowTheSdksLimit() {
    try (Backend backend = backend("baggage:tier", 50)) {
      ModelTelemetry model = backend.model();
      Packs.on(model, Packs.probes(1000, 0.5));
      for (int value = 0; value < 50; value++) {
        float[] values = new float[1001];
        values[1000] = 1;
        try (Scope scope = tier("v" + value)) {
          model.start(1, -1).end(values, 1, null);
        }
      }
      backend.recorder.batches().drain();

      Collection<HistogramPointData> points = points(backend);
      assertThat(points).hasSize(SliceSeries.OWN + SliceSeries.FOLDED);
      assertThat(points)
          .noneMatch(
              point ->
                  point.getAttributes().get(AttributeKey.booleanKey("otel.metric.overflow"))
                      != null);
      long told = points.stream().mapToLong(HistogramPointData::getCount).sum();
      assertThat(backend.counter("innerspan.cohort.folded", folded("score")))
          .isEqualTo(50_000 - SliceSeries.OWN);
      assertThat(told).isGreaterThan(SliceSeries.OWN).isLessThan(50_000);
    }
  }

  @Test
  void duration_isTheInferences_bySliceAndError() {
    try (Backend backend = backend("baggage:tier,span:route", 50)) {
      ModelTelemetry model = backend.model();
      for (int i = 0; i < 3; i++) {
        end(model, "gold", null);
      }
      end(model, "gold", new IllegalStateException());
      end(model, "silver", new IllegalStateException());
      model.start(1, -1).end(null, 0, null);

      Map<Attributes, Long> counts = new HashMap<>();
      for (HistogramPointData point : durations(backend)) {
        counts.put(point.getAttributes(), point.getCount());
        assertThat(point.getMax()).isPositive().isLessThan(60);
      }
      String error = "java.lang.IllegalStateException";
      assertThat(counts)
          .isEqualTo(
              Map.of(
                  duration("gold", null), 3L,
                  duration("gold", error), 1L,
                  duration("silver", error), 1L));
      assertThat(
              backend.metric("innerspan.inference.duration").getHistogramData().getPoints().stream()
                  .mapToLong(HistogramPointData::getCount)
                  .sum())
          .isEqualTo(6);
    }
  }

  /** Failures of two in a hundred: no share of all inferences, and half of one tier's. */
  @Test
  void failures_ofASliceOfTwoPercent_showWhatTheWholeHides() {
    try (Backend backend = backend("baggage:tier", 50)) {
      ModelTelemetry model = backend.model();
      for (int i = 0; i < 5000; i++) {
        boolean rare = i % 50 == 0;
        end(model, rare ? "gold" : "silver", rare && i % 100 == 0 ? new Error() : null);
      }

      assertThat(failing(durations(backend), "gold")).isEqualTo(0.5);
      assertThat(failing(durations(backend), "silver")).isZero();
      assertThat(
              failing(
                  backend.metric("innerspan.inference.duration").getHistogramData().getPoints(),
                  null))
          .isEqualTo(0.01);
    }
  }

  @Test
  void predictionsAndSteps_haveDurationsBySlice() {
    try (Backend backend = backend("baggage:tier", 50)) {
      ModelTelemetry model = backend.model();
      try (Scope scope = tier("gold")) {
        model.predict(1, 0).end(null, 0, null);
        model.start(1, 0, 0).end(null, 0, null);
        model.start(1, 0, 1).end(null, 0, null);
      }
      backend.recorder.generations().endAll();

      assertThat(durations(backend))
          .singleElement()
          .satisfies(
              point -> {
                assertThat(point.getAttributes()).isEqualTo(duration("gold", null));
                assertThat(point.getCount()).isEqualTo(3);
              });
    }
  }

  /** A hundred models, with and without an error, and forty slices are 8,000 combinations. */
  @Test
  void durationsOfManyModelsAndSlices_stayBelowTheSdksLimit() {
    try (Backend backend = backend("baggage:tier", 40)) {
      for (int name = 0; name < 100; name++) {
        ModelTelemetry model =
            backend.recorder.model(new ModelNames("m" + name, "m.onnx", "onnxruntime", "1"));
        for (int value = 0; value < 40; value++) {
          end(model, "v" + value, null);
          end(model, "v" + value, new IllegalStateException());
        }
      }

      Collection<HistogramPointData> points = durations(backend);
      // 18 models have all of their 80, and another one some: 82 are in _OTHER, with and without.
      long own = points.stream().filter(point -> !isOther(point)).count();
      assertThat(own).isEqualTo(SliceSeries.OWN);
      assertThat(points.size() - own).isEqualTo(2 * 82);
      assertThat(points.stream().mapToLong(HistogramPointData::getCount).sum()).isEqualTo(8000);
      assertThat(backend.counter("innerspan.cohort.folded", folded("duration")))
          .isEqualTo(8000 - SliceSeries.OWN);
    }
  }

  @Test
  void durations_whileMetricsAreOff_areNowhere() {
    RecorderSettings settings =
        new RecorderSettings(
            true,
            false,
            true,
            false,
            false,
            new CohortSettings(CohortKey.list("baggage:tier"), 50));
    try (Backend backend = new Backend(settings, Sampler.alwaysOn())) {
      end(backend.model(), "gold", null);

      assertThat(backend.metrics()).isEmpty();
    }
  }

  @Test
  void value_isCutAfterSixtyFourCharacters() {
    try (Backend backend = backend("baggage:tier", 50)) {
      ModelTelemetry model = backend.model();
      Packs.on(model, List.of(Packs.probe("p", 0.5)));
      read(model, "x".repeat(1000), 1);

      assertThat(points(backend).iterator().next().getAttributes().get(VALUE)).hasSize(64);
    }
  }

  private static void monitored(
      ModelTelemetry model, List<LinearProbe> signals, Monitor... monitors) {
    double[] usual = new double[20_000];
    Random random = new Random(4);
    Arrays.setAll(usual, any -> random.nextGaussian());
    SignalBaseline baseline =
        new SignalBaseline("b0", new Watched("p", "logit"), Packs.DIGEST, Baseline.of(usual));
    model.readings(
        new ReadingLayout(signals),
        List.of(
            Packs.pack("guard", "1.2.0", signals)
                .withMonitors(new Monitors(List.of(monitors), List.of(baseline)))));
  }

  private static DriftMonitor drift(String id, @Nullable String by) {
    return drift(id, by, List.of("b0"), Set.of(DriftMethod.CUSUM));
  }

  private static DriftMonitor drift(String id, String by, List<SignalBaseline> baselines) {
    return drift(
        id,
        by,
        baselines.stream().map(SignalBaseline::id).toList(),
        Set.of(DriftMethod.CUSUM, DriftMethod.PSI, DriftMethod.KS));
  }

  private static DriftMonitor drift(
      String id, @Nullable String by, List<String> baselines, Set<DriftMethod> methods) {
    return new DriftMonitor(
        new Rule(id, Severity.MEDIUM, List.of(), null, 0, by),
        baselines,
        methods,
        DriftMonitor.DEFAULT_WINDOW,
        null,
        Allowance.DEFAULT.falsePerWeek(),
        DriftMonitor.DEFAULT_READINGS_PER_SECOND);
  }

  private static Backend backend(String keys, int limit) {
    return new Backend(
        new RecorderSettings(
            true, true, true, false, false, new CohortSettings(CohortKey.list(keys), limit)),
        Sampler.alwaysOn());
  }

  private static void read(ModelTelemetry model, String tier, float logit) {
    try (Scope scope = tier(tier)) {
      model.start(1, -1).end(new float[] {logit, 1}, 1, null);
    }
  }

  @SuppressWarnings("MustBeClosedChecker")
  private static Scope tier(String value) {
    return Context.root().with(Baggage.builder().put("tier", value).build()).makeCurrent();
  }

  private static Collection<HistogramPointData> points(Backend backend) {
    return backend.metric("innerspan.cohort.score").getHistogramData().getPoints();
  }

  private static Collection<HistogramPointData> durations(Backend backend) {
    return backend.metric("innerspan.cohort.duration").getHistogramData().getPoints();
  }

  private static boolean isOther(HistogramPointData point) {
    return "_OTHER".equals(point.getAttributes().get(VALUE));
  }

  private static void end(ModelTelemetry model, String tier, @Nullable Throwable failure) {
    try (Scope scope = tier(tier)) {
      model.start(1, -1).end(null, 0, failure);
    }
  }

  /** The share of inferences that failed, in a slice or in all. */
  private static double failing(Collection<HistogramPointData> points, @Nullable String tier) {
    long all = 0;
    long failed = 0;
    for (HistogramPointData point : points) {
      if (tier == null || tier.equals(point.getAttributes().get(VALUE))) {
        all += point.getCount();
        failed += point.getAttributes().get(Keys.ERROR_TYPE) == null ? 0 : point.getCount();
      }
    }
    return failed / (double) all;
  }

  private static Attributes duration(String tier, @Nullable String error) {
    return Attributes.builder()
        .put(KEY, "tier")
        .put(VALUE, tier)
        .put(Keys.MODEL_NAME, "minilm")
        .put(Keys.ENGINE_NAME, Backend.NAMES.engine())
        .put(Keys.ERROR_TYPE, error)
        .build();
  }

  private static Attributes folded(String measure) {
    return Attributes.of(KEY, "tier", AttributeKey.stringKey("innerspan.cohort.measure"), measure);
  }

  private static double mean(HistogramPointData point) {
    return point.getSum() / point.getCount();
  }

  private static Attributes probe(String key, String value) {
    return Attributes.of(
        AttributeKey.stringKey("innerspan.probe.id"),
        "p",
        AttributeKey.stringKey("innerspan.model.name"),
        "minilm",
        KEY,
        key,
        VALUE,
        value);
  }
}
