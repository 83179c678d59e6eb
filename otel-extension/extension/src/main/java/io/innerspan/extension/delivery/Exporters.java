package io.innerspan.extension.delivery;

import io.innerspan.semconv.DeliverySignal;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The exporters of the SDK, which is made before our settings are read: each OTLP exporter gets a
 * wrapper that passes everything on until the delivery is begun. Whatever fails here leaves the
 * exporter as it is.
 */
public final class Exporters {
  private static final Logger LOGGER = Logger.getLogger(Exporters.class.getName());

  /** Guarded by the class. */
  private static final List<DeliveryPoint> POINTS = new ArrayList<>();

  private static @Nullable Delivery delivery;

  /**
   * From now on what is exported is delivered.
   *
   * @param meter for our own metrics
   * @param faults told of faults of our own
   */
  public static synchronized void deliver(
      DeliverySettings settings, Meter meter, Consumer<Throwable> faults) {
    Delivery made =
        new Delivery(
            settings,
            directory -> RequestFolder.create(directory, System.currentTimeMillis()),
            System::nanoTime,
            faults);
    DeliveryMetrics.register(meter, made);
    POINTS.forEach(point -> point.join(made));
    String signals = made.signals();
    LOGGER.info(
        signals.isEmpty()
            ? "Innerspan: nothing is kept in "
                + settings.directory()
                + ": expected OTLP exporters that send protobuf, found none"
            : "Innerspan: what the OTLP receiver does not take is kept in "
                + settings.directory()
                + ": "
                + signals);
    delivery = made;
  }

  /** Begins to deliver what earlier JVMs left; nothing where nothing is delivered. */
  public static synchronized void begin() {
    if (delivery != null && !POINTS.isEmpty()) {
      delivery.wake();
    }
  }

  /** Wraps an exporter of spans, if it is an OTLP exporter. */
  public static SpanExporter wrap(SpanExporter exporter) {
    return wrap(
        exporter, point -> new DeliveredSpans(exporter, point), List.of(DeliverySignal.SPAN));
  }

  /** Wraps an exporter of metrics, if it is an OTLP exporter. */
  public static MetricExporter wrap(MetricExporter exporter) {
    return wrap(
        exporter, point -> new DeliveredMetrics(exporter, point), List.of(DeliverySignal.METRIC));
  }

  /** Wraps an exporter of log records, if it is an OTLP exporter. */
  public static LogRecordExporter wrap(LogRecordExporter exporter) {
    return wrap(
        exporter,
        point -> new DeliveredLogs(exporter, point),
        List.of(DeliverySignal.FINDING, DeliverySignal.LOG));
  }

  private static <T> T wrap(
      T exporter, Function<DeliveryPoint, T> wrapper, List<DeliverySignal> signals) {
    try {
      Transport transport = OtlpTransport.of(exporter);
      if (transport == null) {
        if (OtlpTransport.isOtlp(exporter)) {
          sayAlone(exporter, "it sends JSON", null);
        }
        return exporter;
      }
      DeliveryPoint point = new DeliveryPoint(transport, signals);
      T wrapped = wrapper.apply(point);
      add(point);
      return wrapped;
    } catch (Throwable e) { // Whatever it is, it must not stop the agent.
      sayAlone(exporter, "it cannot be wrapped", e);
      return exporter;
    }
  }

  private static synchronized void add(DeliveryPoint point) {
    POINTS.add(point);
  }

  static void sayAlone(Object exporter, String why, @Nullable Throwable failure) {
    LOGGER.log(
        Level.WARNING,
        "Innerspan: "
            + exporter.getClass().getName()
            + " works as it does alone, what its receiver does not take is not kept: "
            + why,
        failure);
  }

  private Exporters() {}
}
