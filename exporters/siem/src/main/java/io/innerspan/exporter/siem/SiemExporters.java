package io.innerspan.exporter.siem;

import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;

/** Makes exporters of settings. */
final class SiemExporters {
  private SiemExporters() {}

  /**
   * A running exporter.
   *
   * @throws ConfigurationException naming the setting, what is expected and what was found
   */
  static LogRecordExporter create(ConfigProperties properties) {
    try {
      SiemSettings settings = SiemSettings.of(properties);
      Delivery delivery =
          new Delivery(settings.target(), settings.capacity(), Thread::sleep, SiemMetrics.DROPS);
      delivery.start();
      return new SiemLogRecordExporter(delivery);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(e.getMessage(), e);
    }
  }
}
