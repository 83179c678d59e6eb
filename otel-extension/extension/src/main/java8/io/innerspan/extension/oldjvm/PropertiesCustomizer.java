package io.innerspan.extension.oldjvm;

import io.innerspan.extension.SpanEnds;
import io.innerspan.extension.delivery.Exporters;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizer;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizerProvider;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;

/**
 * Adds our span processor, and wraps exporters, where the agent is configured by properties. For
 * Java 8: the SDK does not pass over a provider that its JVM cannot load, and would not start.
 */
public final class PropertiesCustomizer implements AutoConfigurationCustomizerProvider {
  @Override
  public void customize(AutoConfigurationCustomizer customizer) {
    if (!OldJvmListener.isTooOld()) {
      customizer.addTracerProviderCustomizer((tracers, properties) -> SpanEnds.addTo(tracers));
      customizer.addSpanExporterCustomizer(
          (exporter, properties) -> isDelivered(properties) ? Exporters.wrap(exporter) : exporter);
      customizer.addMetricExporterCustomizer(
          (exporter, properties) -> isDelivered(properties) ? Exporters.wrap(exporter) : exporter);
      customizer.addLogRecordExporterCustomizer(
          (exporter, properties) -> isDelivered(properties) ? Exporters.wrap(exporter) : exporter);
    }
  }

  private static boolean isDelivered(ConfigProperties properties) {
    return properties.getString("otel.instrumentation.innerspan.delivery-directory") != null;
  }
}
