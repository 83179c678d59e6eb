package io.innerspan.extension.delivery;

import io.innerspan.semconv.DeliveryDropReason;
import io.innerspan.semconv.DeliveryReceiver;
import io.innerspan.semconv.DeliverySignal;
import io.innerspan.semconv.InnerspanAttributes;
import io.innerspan.semconv.InnerspanMetrics;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;

/** What is dropped and what waits, as metrics that are computed when they are collected. */
final class DeliveryMetrics {
  private static final AttributeKey<String> SIGNAL =
      AttributeKey.stringKey(InnerspanAttributes.DELIVERY_SIGNAL);
  private static final AttributeKey<String> RECEIVER =
      AttributeKey.stringKey(InnerspanAttributes.DELIVERY_RECEIVER);
  private static final AttributeKey<String> REASON =
      AttributeKey.stringKey(InnerspanAttributes.DELIVERY_DROP_REASON);

  static void register(Meter meter, Delivery delivery) {
    // The SDK keeps the class loader of the thread that registers a callback: an application's
    // must not be kept.
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(null);
    try {
      build(meter, delivery);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static void build(Meter meter, Delivery delivery) {
    meter
        .counterBuilder(InnerspanMetrics.DELIVERY_DROPPED)
        .setUnit(InnerspanMetrics.DELIVERY_DROPPED_UNIT)
        .setDescription(InnerspanMetrics.DELIVERY_DROPPED_DESCRIPTION)
        .buildWithCallback(counter -> dropped(delivery.drops(), counter));
    meter
        .gaugeBuilder(InnerspanMetrics.DELIVERY_WAITING)
        .ofLongs()
        .setUnit(InnerspanMetrics.DELIVERY_WAITING_UNIT)
        .setDescription(InnerspanMetrics.DELIVERY_WAITING_DESCRIPTION)
        .buildWithCallback(
            gauge -> {
              for (DeliverySignal signal : DeliverySignal.values()) {
                gauge.record(delivery.waiting(signal), Attributes.of(SIGNAL, signal.value()));
              }
            });
    meter
        .gaugeBuilder(InnerspanMetrics.DELIVERY_DISK_SIZE)
        .ofLongs()
        .setUnit(InnerspanMetrics.DELIVERY_DISK_SIZE_UNIT)
        .setDescription(InnerspanMetrics.DELIVERY_DISK_SIZE_DESCRIPTION)
        .buildWithCallback(gauge -> gauge.record(delivery.diskBytes()));
  }

  private static void dropped(Drops drops, ObservableLongMeasurement counter) {
    for (DeliverySignal signal : DeliverySignal.values()) {
      for (DeliveryDropReason reason : DeliveryDropReason.values()) {
        long count = drops.count(signal, reason);
        if (count > 0) {
          counter.record(
              count,
              Attributes.of(
                  SIGNAL,
                  signal.value(),
                  RECEIVER,
                  DeliveryReceiver.OTLP.value(),
                  REASON,
                  reason.value()));
        }
      }
    }
  }

  private DeliveryMetrics() {}
}
