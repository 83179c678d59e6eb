package io.innerspan.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.innerspan.signals.Signal;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What one inference allocates in the calling thread, the SDK's part included. */
class AllocationTest {
  private static final int WARM_UP = 20_000;
  private static final int MEASURED = 2_000;

  @Test
  void inference_sixteenProbesSampled_staysWithinFourKibibytes() {
    assertThat(bytesPerInference(Sampler.alwaysOn(), 16)).isLessThanOrEqualTo(4096);
  }

  @Test
  void inference_sixteenProbesNotSampled_staysWithinOneAndAQuarterKibibytes() {
    assertThat(bytesPerInference(Sampler.alwaysOff(), 16)).isLessThanOrEqualTo(1280);
  }

  @Test
  void inference_withoutPack_staysWithinTwoKibibytes() {
    assertThat(bytesPerInference(Sampler.alwaysOn(), 0)).isLessThanOrEqualTo(2048);
  }

  private static double bytesPerInference(Sampler sampler, int probes) {
    try (OpenTelemetrySdk sdk =
        OpenTelemetrySdk.builder()
            .setTracerProvider(
                SdkTracerProvider.builder()
                    .setSampler(sampler)
                    .addSpanProcessor(new Queueing())
                    .build())
            .setMeterProvider(
                SdkMeterProvider.builder()
                    .registerMetricReader(InMemoryMetricReader.create())
                    .build())
            .build()) {
      ModelTelemetry model = new Recorder(sdk, RecorderSettings.all(), "0").model(Backend.NAMES);
      float[] reading = new float[probes + 1];
      reading[probes] = 12;
      if (probes > 0) {
        List<Signal> signals = Packs.probes(probes, 0.99);
        Packs.on(model, signals);
      }
      run(model, probes == 0 ? null : reading, WARM_UP);
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = threads.getCurrentThreadAllocatedBytes();
      run(model, probes == 0 ? null : reading, MEASURED);
      return (threads.getCurrentThreadAllocatedBytes() - before) / (double) MEASURED;
    }
  }

  private static void run(ModelTelemetry model, float @Nullable [] reading, int times) {
    for (int i = 0; i < times; i++) {
      model.start(1, -1).end(reading, 1, null);
    }
  }

  /** Takes spans as a batching processor does: exporting them is another thread's work. */
  private static final class Queueing implements SpanProcessor {
    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
      return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {}

    @Override
    public boolean isEndRequired() {
      return true;
    }
  }
}
