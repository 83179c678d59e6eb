package io.innerspan.benchmarks.jmh;

import io.innerspan.benchmarks.RandomProbes;
import io.innerspan.recorder.CohortKey;
import io.innerspan.recorder.CohortSettings;
import io.innerspan.recorder.ModelNames;
import io.innerspan.recorder.ModelTelemetry;
import io.innerspan.recorder.Recorder;
import io.innerspan.recorder.RecorderSettings;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.monitor.Monitors;
import io.innerspan.signals.pack.GoldenActivation;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.ModelIdentity;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.safetensors.Tensor;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What the recorder does per inference, with the work that it leaves to a thread of its own in
 * production: what monitors and slices add is the difference to {@code plain}.
 */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first.
public class RecordingBenchmark {
  private static final int INFERENCES = 1024;

  /** Linear probes. */
  @Param({"100"})
  public int probes;

  /** What is done with the readings. */
  @Param({"plain", "monitors", "slices", "both"})
  public String recorded;

  private InMemoryMetricReader reader;
  private ModelTelemetry model;
  private Context context;
  private float[][] rows;

  /** Makes a recorder, which does all of its work in its caller's thread, and readings. */
  @Setup
  public void make() {
    List<LinearProbe> signals = RandomProbes.of(probes);
    reader = InMemoryMetricReader.create();
    OpenTelemetrySdk sdk =
        OpenTelemetrySdk.builder()
            .setMeterProvider(SdkMeterProvider.builder().registerMetricReader(reader).build())
            .build();
    boolean slices = recorded.equals("slices") || recorded.equals("both");
    boolean monitors = recorded.equals("monitors") || recorded.equals("both");
    CohortSettings cohorts = new CohortSettings(CohortKey.list(slices ? "baggage:tier" : ""), 50);
    Recorder recorder =
        new Recorder(
            sdk, new RecorderSettings(false, true, false, false, false, cohorts), "benchmark");
    model = recorder.model(new ModelNames("random", "random.onnx", "onnxruntime", "1"));
    model.readings(
        new ReadingLayout(signals),
        List.of(pack(signals, monitors ? WatchedSignals.of(signals) : Monitors.NONE)));
    context = Context.root().with(Baggage.builder().put("tier", "gold").build());
    Random random = new Random(probes);
    rows = new float[INFERENCES][];
    for (int i = 0; i < INFERENCES; i++) {
      rows[i] = WatchedSignals.row(probes, random);
    }
  }

  /** Inferences of one row each, and one collection. */
  @Benchmark
  @OperationsPerInvocation(INFERENCES)
  public Object record() {
    try (Scope scope = context.makeCurrent()) {
      for (float[] row : rows) {
        model.start(1, -1).end(row, 1, null);
      }
    }
    return reader.collectAllMetrics();
  }

  private static ProbePack pack(List<LinearProbe> signals, Monitors monitors) {
    Map<String, Tensor> logits = new LinkedHashMap<>();
    List<GoldenActivation> activations = new ArrayList<>();
    for (LinearProbe probe : signals) {
      Tensor logit = Tensor.ofFloats(new float[1], 1);
      logits.put(probe.id(), logit);
      activations.add(
          new GoldenActivation(
              probe.id(), Tensor.ofFloats(new float[probe.width()], 1, probe.width()), logit));
    }
    Tensor ids = Tensor.ofLongs(new long[] {1}, 1, 1);
    return new ProbePack(
        "random",
        "1.0.0",
        WatchedSignals.MODEL,
        "Apache-2.0",
        null,
        new ModelIdentity("random", WatchedSignals.MODEL, null),
        null,
        List.copyOf(signals),
        Map.of(),
        activations,
        List.of(new GoldenInput(Map.of("input_ids", ids), logits)),
        List.of(),
        Map.of(),
        null,
        Map.of(),
        monitors);
  }
}
