package io.innerspan.recorder;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryLogRecordExporter;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.LongSupplier;

/** OpenTelemetry's real SDK, the agent's own, with everything kept in memory. */
final class Backend implements AutoCloseable {
  static final ModelNames NAMES = new ModelNames("minilm", "model.onnx", "onnxruntime", "1.29.0");

  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final InMemoryMetricReader metrics = InMemoryMetricReader.create();
  private final InMemoryLogRecordExporter logs = InMemoryLogRecordExporter.create();
  private final OpenTelemetrySdk sdk;
  final Recorder recorder;

  Backend() {
    this(RecorderSettings.all(), Sampler.alwaysOn());
  }

  Backend(RecorderSettings settings, Sampler sampler) {
    this(settings, sampler, System::nanoTime);
  }

  /** With propagators, which an SDK has none of by default. */
  Backend(ContextPropagators propagators) {
    this(RecorderSettings.all(), Sampler.alwaysOn(), System::nanoTime, propagators);
  }

  Backend(RecorderSettings settings, Sampler sampler, LongSupplier nanoTime) {
    this(settings, sampler, nanoTime, ContextPropagators.noop());
  }

  private Backend(
      RecorderSettings settings,
      Sampler sampler,
      LongSupplier nanoTime,
      ContextPropagators propagators) {
    ParentEnds parentEnds = new ParentEnds();
    sdk =
        OpenTelemetrySdk.builder()
            .setPropagators(propagators)
            .setTracerProvider(
                SdkTracerProvider.builder()
                    .setSampler(sampler)
                    .addSpanProcessor(parentEnds)
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .setMeterProvider(SdkMeterProvider.builder().registerMetricReader(metrics).build())
            .setLoggerProvider(
                SdkLoggerProvider.builder()
                    .addLogRecordProcessor(SimpleLogRecordProcessor.create(logs))
                    .build())
            .build();
    recorder = new Recorder(sdk, settings, "0.1.0", parentEnds, nanoTime);
  }

  OpenTelemetrySdk sdk() {
    return sdk;
  }

  ModelTelemetry model() {
    return recorder.model(NAMES);
  }

  List<SpanData> spans() {
    return spans.getFinishedSpanItems();
  }

  SpanData onlySpan() {
    List<SpanData> all = spans();
    if (all.size() != 1) {
      throw new NoSuchElementException("expected 1 span, found " + all);
    }
    return all.get(0);
  }

  List<LogRecordData> events() {
    return logs.getFinishedLogRecordItems();
  }

  Collection<MetricData> metrics() {
    return metrics.collectAllMetrics();
  }

  MetricData metric(String name) {
    return metrics().stream()
        .filter(metric -> metric.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException("no metric " + name));
  }

  /** The histogram's point with exactly these attributes. */
  HistogramPointData histogram(String name, Attributes attributes) {
    return metric(name).getHistogramData().getPoints().stream()
        .filter(point -> point.getAttributes().equals(attributes))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException(name + " has no " + attributes));
  }

  /** The counter's value with exactly these attributes; 0 when it has none. */
  long counter(String name, Attributes attributes) {
    List<MetricData> found = new ArrayList<>(metrics());
    found.removeIf(metric -> !metric.getName().equals(name));
    return found.stream()
        .flatMap(metric -> metric.getLongSumData().getPoints().stream())
        .filter(point -> point.getAttributes().equals(attributes))
        .mapToLong(LongPointData::getValue)
        .sum();
  }

  @Override
  public void close() {
    recorder.close();
    sdk.close();
  }
}
