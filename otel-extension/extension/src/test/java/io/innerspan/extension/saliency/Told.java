package io.innerspan.extension.saliency;

import io.innerspan.recorder.ModelNames;
import io.innerspan.recorder.ModelTelemetry;
import io.innerspan.recorder.Recorder;
import io.innerspan.recorder.RecorderSettings;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.testing.exporter.InMemoryLogRecordExporter;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.util.List;

/** The telemetry that explaining gives. */
final class Told implements AutoCloseable {
  private static final AttributeKey<String> REASON =
      AttributeKey.stringKey("innerspan.saliency.missing_reason");

  private final InMemoryMetricReader metrics = InMemoryMetricReader.create();
  private final InMemoryLogRecordExporter logs = InMemoryLogRecordExporter.create();
  private final Recorder recorder;

  Told() {
    OpenTelemetrySdk sdk =
        OpenTelemetrySdk.builder()
            .setMeterProvider(SdkMeterProvider.builder().registerMetricReader(metrics).build())
            .setLoggerProvider(
                SdkLoggerProvider.builder()
                    .addLogRecordProcessor(SimpleLogRecordProcessor.create(logs))
                    .build())
            .build();
    recorder = new Recorder(sdk, RecorderSettings.all(), "0.1.0");
  }

  Explainer explainer(SaliencySettings settings) {
    return new Explainer(settings, recorder.health());
  }

  ModelTelemetry model(String name) {
    return recorder.model(new ModelNames(name, null, "pytorch", "2"));
  }

  List<LogRecordData> events() {
    return logs.getFinishedLogRecordItems();
  }

  /** How many sampled inferences were not explained for a reason. */
  long missing(String reason) {
    return metrics.collectAllMetrics().stream()
        .filter(metric -> metric.getName().equals("innerspan.saliency.missing"))
        .flatMap(metric -> metric.getLongSumData().getPoints().stream())
        .filter(point -> reason.equals(point.getAttributes().get(REASON)))
        .mapToLong(LongPointData::getValue)
        .sum();
  }

  @Override
  public void close() {
    recorder.close();
  }
}
