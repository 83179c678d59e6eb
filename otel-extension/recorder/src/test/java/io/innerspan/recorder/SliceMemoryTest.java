package io.innerspan.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.drift.Allowance;
import io.innerspan.signals.drift.Baseline;
import io.innerspan.signals.drift.DriftMethod;
import io.innerspan.signals.monitor.DriftMonitor;
import io.innerspan.signals.monitor.Monitor;
import io.innerspan.signals.monitor.Monitors;
import io.innerspan.signals.monitor.Rule;
import io.innerspan.signals.monitor.Severity;
import io.innerspan.signals.monitor.Side;
import io.innerspan.signals.monitor.SignalBaseline;
import io.innerspan.signals.monitor.ThresholdMonitor;
import io.innerspan.signals.monitor.Watched;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What stays on the heap of 1,000 watched signals and 50 slices: all of it, the SDK's included. */
class SliceMemoryTest {
  private static final int SIGNALS = 1_000;
  private static final int SLICES = 50;
  private static final long MEBIBYTE = 1 << 20;
  private static final long MOST = 64 * MEBIBYTE;

  /** The first round makes everything; ten more make nothing that stays. */
  private static final int MORE_ROUNDS = 10;

  @Test
  void aThousandSignalsAndFiftySlices_takeLessThan64MiB_andDoNotGrow() {
    // What every test makes once, such as the SDK's classes.
    try (Backend warm = backend()) {
      round(watched(warm, 1), new Random(1), 1);
      warm.metrics();
    }
    long before = used();
    try (Backend backend = backend()) {
      ModelTelemetry model = watched(backend, SIGNALS);
      Random random = new Random(2);
      round(model, random, SIGNALS);
      backend.recorder.batches().drain();
      int series = points(backend);
      long made = used() - before;
      for (int i = 0; i < MORE_ROUNDS; i++) {
        round(model, random, SIGNALS);
        backend.recorder.batches().drain();
      }
      int seriesAfter = points(backend);
      long grown = used() - before - made;

      assertThat(made).as("bytes").isPositive().isLessThan(MOST);
      assertThat(grown).as("bytes more after ten times as much").isLessThan(MEBIBYTE);
      // Scores by probe and by slice, and what is by neither.
      assertThat(series).isBetween(SIGNALS + SliceSeries.OWN, LARGEST_SERIES);
      assertThat(seriesAfter).isEqualTo(series);
      assertThat(missed(backend)).isZero();
      // Nothing of it may be collected before it is measured.
      assertThat(model).isNotNull();
    }
  }

  /** Of both histograms of scores, of durations and rows by slice, and of few other metrics. */
  private static final int LARGEST_SERIES =
      SIGNALS + SliceSeries.OWN + SliceSeries.FOLDED + 2 * SLICES + 50;

  private static Backend backend() {
    return new Backend(
        new RecorderSettings(
            false,
            true,
            false,
            false,
            false,
            new CohortSettings(CohortKey.list("baggage:tier"), SLICES)),
        Sampler.alwaysOff());
  }

  /** Each signal has a threshold and drift, the latter by slice and on the whole. */
  private static ModelTelemetry watched(Backend backend, int size) {
    double[] usual = new Random(3).doubles(20_000, -1, 1).toArray();
    Baseline one = Baseline.of(usual);
    List<LinearProbe> probes = new ArrayList<>();
    List<SignalBaseline> baselines = new ArrayList<>();
    List<Monitor> monitors = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      probes.add(Packs.probe("p" + i, 0.9));
      Watched value = new Watched("p" + i, "logit");
      baselines.add(new SignalBaseline("b" + i, value, Packs.DIGEST, moved(one, i * 1e-6)));
      monitors.add(
          new ThresholdMonitor(new Rule("t" + i, Severity.LOW), value, Side.ABOVE, 2, 1, 1));
    }
    monitors.add(drift("whole", null, baselines));
    monitors.add(drift("each", "tier", baselines));
    ModelTelemetry model = backend.model();
    model.readings(
        new ReadingLayout(probes),
        List.of(
            Packs.pack("guard", "1.2.0", probes).withMonitors(new Monitors(monitors, baselines))));
    return model;
  }

  /** As each signal has one of its own. */
  private static Baseline moved(Baseline baseline, double by) {
    return new Baseline(
        baseline.count(),
        baseline.edges().stream().map(edge -> edge + by).toList(),
        List.copyOf(new ArrayList<>(baseline.shares())),
        baseline.autocorrelation(),
        baseline.regimes(),
        baseline.block());
  }

  private static DriftMonitor drift(String id, @Nullable String by, List<SignalBaseline> of) {
    return new DriftMonitor(
        new Rule(id, Severity.MEDIUM, List.of(), null, 0, by),
        of.stream().map(SignalBaseline::id).toList(),
        Set.of(DriftMethod.CUSUM, DriftMethod.PSI, DriftMethod.KS),
        DriftMonitor.DEFAULT_WINDOW,
        null,
        Allowance.DEFAULT.falsePerWeek(),
        DriftMonitor.DEFAULT_READINGS_PER_SECOND);
  }

  /** Two inferences of each slice. */
  private static void round(ModelTelemetry model, Random random, int signals) {
    for (int i = 0; i < 2 * SLICES; i++) {
      float[] row = new float[signals + 1];
      for (int column = 0; column < signals; column++) {
        row[column] = 2 * random.nextFloat() - 1;
      }
      row[signals] = 8;
      Context context =
          Context.root().with(Baggage.builder().put("tier", "v" + i % SLICES).build());
      try (Scope scope = context.makeCurrent()) {
        model.start(1, -1).end(row, 1, null);
      }
    }
  }

  private static int points(Backend backend) {
    return backend.metrics().stream()
        .map(MetricData::getData)
        .mapToInt(data -> data.getPoints().size())
        .sum();
  }

  private static long missed(Backend backend) {
    return backend.metrics().stream()
        .filter(metric -> metric.getName().equals("innerspan.monitor.missed"))
        .mapToLong(metric -> metric.getLongSumData().getPoints().size())
        .sum();
  }

  /** The least of several looks: another thread's garbage is in some of them. */
  private static long used() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      memory.gc();
      least = Math.min(least, memory.getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
