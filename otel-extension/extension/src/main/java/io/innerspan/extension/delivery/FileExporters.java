package io.innerspan.extension.delivery;

import io.opentelemetry.sdk.autoconfigure.declarativeconfig.DeclarativeConfiguration;
import io.opentelemetry.sdk.autoconfigure.declarativeconfig.DeclarativeConfigurationCustomizer;
import io.opentelemetry.sdk.autoconfigure.declarativeconfig.model.OpenTelemetryConfigurationModel;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.Closeable;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The exporters of an SDK that is configured by a file. They are touched only where the file sets a
 * folder for delivery.
 *
 * <p>The SDK closes an exporter when a customizer gives another one back, and a wrapper around a
 * closed exporter would be silent for ever. So an exporter's copy is wrapped; where there is none,
 * the exporter itself is given back.
 */
public final class FileExporters {
  private static final Logger LOGGER = Logger.getLogger(FileExporters.class.getName());

  private boolean wanted;

  /** Has the exporters wrapped. */
  public static void addTo(DeclarativeConfigurationCustomizer customizer) {
    FileExporters exporters = new FileExporters();
    try {
      customizer.addModelCustomizer(exporters::look);
      customizer.addSpanExporterCustomizer(
          SpanExporter.class,
          (exporter, properties) -> exporters.wrap(exporter, OtlpCopies::of, Exporters::wrap));
      customizer.addMetricExporterCustomizer(
          MetricExporter.class,
          (exporter, properties) -> exporters.wrap(exporter, OtlpCopies::of, Exporters::wrap));
      customizer.addLogRecordExporterCustomizer(
          LogRecordExporter.class,
          (exporter, properties) -> exporters.wrap(exporter, OtlpCopies::of, Exporters::wrap));
    } catch (Throwable e) { // Of another version of the agent, where these are other methods.
      LOGGER.log(Level.WARNING, "Innerspan: telemetry is not kept for its receiver", e);
    }
  }

  /** The model is there before the first exporter is made. */
  private OpenTelemetryConfigurationModel look(OpenTelemetryConfigurationModel model) {
    try {
      wanted =
          DeclarativeConfiguration.toConfigProperties(model)
                  .get("instrumentation/development")
                  .get("java")
                  .get("innerspan")
                  .getString("delivery_directory")
              != null;
    } catch (Throwable e) {
      LOGGER.log(Level.WARNING, "Innerspan: telemetry is not kept for its receiver", e);
    }
    return model;
  }

  private <T extends Closeable> T wrap(
      T exporter, UnaryOperator<T> copier, UnaryOperator<T> wrapper) {
    if (!wanted) {
      return exporter;
    }
    try {
      T copy = copier.apply(exporter);
      if (copy == exporter) {
        return exporter;
      }
      T wrapped = wrapper.apply(copy);
      if (wrapped == copy) {
        copy.close(); // What is not wrapped stays the exporter that the SDK made.
        return exporter;
      }
      return wrapped;
    } catch (Throwable e) { // Whatever it is, it must not stop the agent.
      Exporters.sayAlone(exporter, "it cannot be copied", e);
      return exporter;
    }
  }
}
