package io.innerspan.extension.delivery;

import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.sdk.autoconfigure.declarativeconfig.DeclarativeConfigurationCustomizer;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The exporters of the SDK, which is made before our settings are known: each OTLP exporter gets a
 * wrapper that passes everything on until the delivery is begun. Whatever fails here leaves the
 * exporter as it is.
 */
public final class Exporters {
  private static final Logger LOGGER = Logger.getLogger(Exporters.class.getName());

  private static volatile @Nullable Delivery delivery;

  /**
   * From now on what is exported is delivered.
   *
   * @param meter for our own metrics
   * @param faults told of faults of our own
   */
  public static void deliver(DeliverySettings settings, Meter meter, Consumer<Throwable> faults) {
    Delivery made =
        new Delivery(
            settings,
            directory -> RequestFolder.create(directory, System.currentTimeMillis()),
            System::nanoTime,
            faults);
    DeliveryMetrics.register(meter, made);
    delivery = made;
  }

  /** Has the exporters wrapped of an SDK that is configured by a file. */
  public static void addTo(DeclarativeConfigurationCustomizer customizer) {
    try {
      customizer.addSpanExporterCustomizer(
          SpanExporter.class,
          (exporter, properties) -> wrapCopy(exporter, OtlpCopies::of, Exporters::wrap));
      customizer.addMetricExporterCustomizer(
          MetricExporter.class,
          (exporter, properties) -> wrapCopy(exporter, OtlpCopies::of, Exporters::wrap));
      customizer.addLogRecordExporterCustomizer(
          LogRecordExporter.class,
          (exporter, properties) -> wrapCopy(exporter, OtlpCopies::of, Exporters::wrap));
    } catch (Throwable e) { // Of another version of the agent, where these are other methods.
      LOGGER.log(Level.WARNING, "Innerspan: telemetry is not kept for its receiver", e);
    }
  }

  /** Wraps an equal exporter: the SDK closes the one that its customizer does not give back. */
  private static <T> T wrapCopy(T exporter, UnaryOperator<T> copy, UnaryOperator<T> wrap) {
    try {
      T copied = copy.apply(exporter);
      return copied == exporter ? exporter : wrap.apply(copied);
    } catch (Throwable e) { // Whatever it is, it must not stop the agent.
      sayAlone(exporter, e);
      return exporter;
    }
  }

  /** Wraps an exporter of spans, if it is an OTLP exporter. */
  public static SpanExporter wrap(SpanExporter exporter) {
    return wrap(exporter, exporter::shutdown, point -> new DeliveredSpans(exporter, point));
  }

  /** Wraps an exporter of metrics, if it is an OTLP exporter. */
  public static MetricExporter wrap(MetricExporter exporter) {
    return wrap(exporter, exporter::shutdown, point -> new DeliveredMetrics(exporter, point));
  }

  /** Wraps an exporter of log records, if it is an OTLP exporter. */
  public static LogRecordExporter wrap(LogRecordExporter exporter) {
    return wrap(exporter, exporter::shutdown, point -> new DeliveredLogs(exporter, point));
  }

  private static <T> T wrap(
      T exporter, Supplier<CompletableResultCode> shutdown, Function<DeliveryPoint, T> wrapper) {
    try {
      Transport transport = OtlpTransport.of(exporter, shutdown);
      return transport == null
          ? exporter
          : wrapper.apply(new DeliveryPoint(transport, () -> delivery));
    } catch (Throwable e) {
      sayAlone(exporter, e);
      return exporter;
    }
  }

  private static void sayAlone(Object exporter, Throwable why) {
    LOGGER.log(
        Level.WARNING,
        "Innerspan: "
            + exporter.getClass().getName()
            + " works as it does alone: telemetry that its receiver does not take is not kept",
        why);
  }

  private Exporters() {}
}
