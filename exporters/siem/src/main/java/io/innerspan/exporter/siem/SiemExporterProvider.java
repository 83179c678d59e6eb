package io.innerspan.exporter.siem;

import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.autoconfigure.spi.logs.ConfigurableLogRecordExporterProvider;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;

/** Makes the exporter that {@code otel.logs.exporter} calls {@code innerspan_siem}. */
public final class SiemExporterProvider implements ConfigurableLogRecordExporterProvider {
  @Override
  public String getName() {
    return SiemSettings.NAME;
  }

  @Override
  public LogRecordExporter createExporter(ConfigProperties properties) {
    try {
      SiemSettings settings = SiemSettings.of(properties);
      Delivery delivery = new Delivery(settings.target(), settings.capacity(), Thread::sleep);
      delivery.start();
      return new SiemLogRecordExporter(delivery);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(e.getMessage(), e);
    }
  }
}
