package io.innerspan.exporter.siem;

import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.logs.ConfigurableLogRecordExporterProvider;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;

/**
 * Makes the exporter that {@code otel.logs.exporter} calls {@code innerspan_siem}. For Java 8: the
 * SDK does not pass over a provider that its JVM cannot load, and would not start.
 */
public final class SiemExporterProvider implements ConfigurableLogRecordExporterProvider {
  @Override
  public String getName() {
    return "innerspan_siem";
  }

  @Override
  public LogRecordExporter createExporter(ConfigProperties properties) {
    return SiemExporters.create(properties);
  }
}
