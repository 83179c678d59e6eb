package io.innerspan.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.Signal;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MetricBatchesTest {
  private static final int PROBES = 20;
  private static final int THREADS = 4;
  private static final int INFERENCES = 2000;

  @Test
  void collect_rightAfterEnd_holdsTheReading() {
    try (Backend backend = new Backend()) {
      ModelTelemetry model = backend.model();
      Packs.on(model, List.of(Packs.probe("p", null)));
      for (int i = 1; i <= 3; i++) {
        model.start(1, -1).end(new float[] {0, 4}, 1, null);

        assertThat(count(backend.metrics())).isEqualTo(i);
        assertThat(backend.counter("innerspan.reading.recorded", Attributes.empty())).isEqualTo(i);
      }
    }
  }

  @Test
  void collect_whileThreadsRecord_losesAndDoublesNothing() throws Exception {
    InMemoryMetricReader deltas = InMemoryMetricReader.createDelta();
    try (OpenTelemetrySdk sdk = sdk(deltas);
        Recorder recorder = new Recorder(sdk, RecorderSettings.all(), "0")) {
      ModelTelemetry model = recorder.model(Backend.NAMES);
      Packs.on(model, signals());
      ExecutorService pool = Executors.newFixedThreadPool(THREADS + 1);
      AtomicBoolean done = new AtomicBoolean();
      Future<Long> collected =
          pool.submit(
              () -> {
                long sum = 0;
                while (!done.get()) {
                  sum += count(deltas.collectAllMetrics());
                }
                return sum;
              });
      List<Callable<Void>> work = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        work.add(
            () -> {
              infer(model, INFERENCES);
              return null;
            });
      }
      for (Future<Void> each : pool.invokeAll(work)) {
        each.get();
      }
      done.set(true);
      long before = collected.get();
      pool.shutdown();

      assertThat(before + count(deltas.collectAllMetrics()))
          .isEqualTo((long) THREADS * INFERENCES * PROBES);
    }
  }

  @Test
  void forceFlushAndShutdown_afterInferences_exportThemAll() {
    Counting exporter = new Counting();
    PeriodicMetricReader reader =
        PeriodicMetricReader.builder(exporter).setInterval(Duration.ofHours(1)).build();
    OpenTelemetrySdk sdk =
        OpenTelemetrySdk.builder()
            .setMeterProvider(SdkMeterProvider.builder().registerMetricReader(reader).build())
            .build();
    ModelTelemetry model = new Recorder(sdk, RecorderSettings.all(), "0").model(Backend.NAMES);
    Packs.on(model, signals());
    infer(model, 7);
    sdk.getSdkMeterProvider().forceFlush().join(10, TimeUnit.SECONDS);
    assertThat(exporter.last).isEqualTo(7L * PROBES);

    infer(model, 5);
    sdk.getSdkMeterProvider().shutdown().join(10, TimeUnit.SECONDS);
    assertThat(exporter.last).isEqualTo(12L * PROBES);
  }

  @Test
  void add_moreThanMayWait_isRecordedByTheCaller() {
    InMemoryMetricReader metrics = InMemoryMetricReader.create();
    try (OpenTelemetrySdk sdk = sdk(metrics);
        Recorder recorder = new Recorder(sdk, RecorderSettings.all(), "0")) {
      ModelTelemetry model = recorder.model(Backend.NAMES);
      Packs.on(model, signals());
      // Nobody drains now.
      recorder.batches().stop();
      int waiting = (MetricBatches.FULL + PROBES) / (PROBES + 1);
      infer(model, waiting);
      assertThat(recorder.batches().recorded()).isZero();
      infer(model, 3);

      assertThat(recorder.batches().recorded()).isEqualTo(3);
      assertThat(count(metrics.collectAllMetrics())).isEqualTo((waiting + 3L) * PROBES);
      assertThat(recorder.batches().recorded()).isEqualTo(waiting + 3L);
    }
  }

  @Test
  void stop_whileReadingsWait_leavesThemToTheNextCollection() throws Exception {
    InMemoryMetricReader metrics = InMemoryMetricReader.create();
    try (OpenTelemetrySdk sdk = sdk(metrics);
        Recorder recorder = new Recorder(sdk, RecorderSettings.all(), "0")) {
      ModelTelemetry model = recorder.model(Backend.NAMES);
      Set<Thread> before = recording();
      Packs.on(model, signals());
      Thread own =
          recording().stream().filter(each -> !before.contains(each)).findFirst().orElseThrow();
      synchronized (recorder.batches()) {
        infer(model, 1);
        while (own.getState() != Thread.State.BLOCKED) {
          Thread.onSpinWait(); // Until it is about to record.
        }
        recorder.batches().stop();
      }
      own.join();

      assertThat(recorder.batches().recorded()).isZero();
      assertThat(count(metrics.collectAllMetrics())).isEqualTo(PROBES);
    }
  }

  private static Set<Thread> recording() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("innerspan-metrics"))
        .collect(Collectors.toSet());
  }

  @Test
  @Timeout(30)
  void add_withoutCollection_isRecordedByTheThread() {
    try (OpenTelemetrySdk sdk = sdk(InMemoryMetricReader.create());
        Recorder recorder = new Recorder(sdk, RecorderSettings.all(), "0")) {
      ModelTelemetry model = recorder.model(Backend.NAMES);
      Packs.on(model, signals());
      int many = 2 * MetricBatches.ENOUGH / PROBES;
      infer(model, many);
      while (recorder.batches().recorded() < many) {
        Thread.onSpinWait();
      }
      infer(model, 1);
      while (recorder.batches().recorded() < many + 1) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void collect_twoModels_keepsTheirSeriesApart() {
    try (Backend backend = new Backend()) {
      ModelTelemetry first = backend.model();
      ModelTelemetry second =
          backend.recorder.model(new ModelNames("other", null, "onnxruntime", "1"));
      Packs.on(first, List.of(Packs.probe("p", null)));
      Packs.on(second, List.of(Packs.probe("q", null)));
      for (int i = 0; i < 100; i++) {
        first.start(1, -1).end(new float[] {0, 4}, 1, null);
        second.start(1, -1).end(new float[] {0, 4}, 1, null);
      }

      assertThat(backend.metric("innerspan.probe.score").getHistogramData().getPoints())
          .hasSize(2)
          .allMatch(point -> point.getCount() == 100);
    }
  }

  private static OpenTelemetrySdk sdk(InMemoryMetricReader reader) {
    return OpenTelemetrySdk.builder()
        .setMeterProvider(SdkMeterProvider.builder().registerMetricReader(reader).build())
        .build();
  }

  private static List<Signal> signals() {
    return Packs.probes(PROBES, 0.99);
  }

  private static void infer(ModelTelemetry model, int times) {
    for (int i = 0; i < times; i++) {
      float[] reading = new float[PROBES + 1];
      reading[PROBES] = 3;
      model.start(1, -1).end(reading, 1, null);
    }
  }

  private static long count(Collection<MetricData> metrics) {
    return metrics.stream()
        .filter(metric -> metric.getName().equals("innerspan.probe.score"))
        .flatMap(metric -> metric.getHistogramData().getPoints().stream())
        .mapToLong(HistogramPointData::getCount)
        .sum();
  }

  /** Keeps how many scores the last export held. */
  private static final class Counting implements MetricExporter {
    volatile long last;

    @Override
    public CompletableResultCode export(Collection<MetricData> metrics) {
      last = count(metrics);
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public AggregationTemporality getAggregationTemporality(InstrumentType instrument) {
      return AggregationTemporality.CUMULATIVE;
    }
  }
}
