package io.innerspan.exporter.siem;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.autoconfigure.spi.internal.DefaultConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.logs.ConfigurableLogRecordExporterProvider;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class SiemLogRecordExporterTest {
  @TempDir Path folder;

  @Test
  void export_throughTheSdk_takesFindingsAlone() throws Exception {
    Path file = folder.resolve("findings.jsonl");
    LogRecordExporter exporter = exporter(file);
    try (SdkLoggerProvider provider =
        SdkLoggerProvider.builder()
            .addLogRecordProcessor(SimpleLogRecordProcessor.create(exporter))
            .build()) {
      Logger logger = provider.get("test");
      logger.logRecordBuilder().setBody("a line of the application").emit();
      logger
          .logRecordBuilder()
          .setAttribute("event.name", "innerspan.probe.threshold_crossed")
          .emit();
      SpanContext span =
          SpanContext.create(
              "0af7651916cd43dd8448eb211c80319c",
              "b7ad6b7169203331",
              TraceFlags.getSampled(),
              TraceState.getDefault());
      logger
          .logRecordBuilder()
          .setContext(Context.root().with(Span.wrap(span)))
          .setEventName("innerspan.finding")
          .setAttribute("event.name", "innerspan.finding")
          .setAttribute("innerspan.finding.id", "5f")
          .emit();
      assertThat(exporter.flush().join(20, TimeUnit.SECONDS).isSuccess()).isTrue();
    }
    assertThat(Files.readAllLines(file))
        .singleElement()
        .asString()
        .contains("\"uid\":\"5f\"", "\"uid\":\"0af7651916cd43dd8448eb211c80319c\"");
  }

  private static LogRecordExporter exporter(Path file) {
    ConfigurableLogRecordExporterProvider provider =
        ServiceLoader.load(ConfigurableLogRecordExporterProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(found -> found.getName().equals("innerspan_siem"))
            .findFirst()
            .orElseThrow();
    Map<String, String> settings = new HashMap<>();
    settings.put("otel.exporter.innerspan.siem.endpoint", file.toUri().toString());
    return provider.createExporter(DefaultConfigProperties.createFromMap(settings));
  }
}
