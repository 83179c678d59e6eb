package io.innerspan.exporter.siem;

import io.innerspan.semconv.DeliveryDropReason;
import io.innerspan.semconv.DeliveryReceiver;
import io.innerspan.semconv.DeliverySignal;
import io.innerspan.semconv.InnerspanAttributes;
import io.innerspan.semconv.InnerspanMetrics;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;

/**
 * What the exporters of this JVM dropped, as a metric. The SDK makes exporters before there is a
 * meter: they count from the beginning, and whoever has a meter registers it later.
 */
public final class SiemMetrics {
  /** Of all exporters, of which there is one as a rule. */
  static final Drops DROPS = new Drops();

  private static final AttributeKey<String> SIGNAL =
      AttributeKey.stringKey(InnerspanAttributes.DELIVERY_SIGNAL);
  private static final AttributeKey<String> RECEIVER =
      AttributeKey.stringKey(InnerspanAttributes.DELIVERY_RECEIVER);
  private static final AttributeKey<String> REASON =
      AttributeKey.stringKey(InnerspanAttributes.DELIVERY_DROP_REASON);

  /** Has the meter tell what was and is dropped, whenever it is collected. */
  public static void register(Meter meter) {
    register(meter, DROPS);
  }

  static void register(Meter meter, Drops drops) {
    // The SDK keeps the class loader of the thread that registers a callback: an application's
    // must not be kept.
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(null);
    try {
      meter
          .counterBuilder(InnerspanMetrics.DELIVERY_DROPPED)
          .setUnit(InnerspanMetrics.DELIVERY_DROPPED_UNIT)
          .setDescription(InnerspanMetrics.DELIVERY_DROPPED_DESCRIPTION)
          .buildWithCallback(counter -> record(drops, counter));
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static void record(Drops drops, ObservableLongMeasurement counter) {
    for (DeliveryDropReason reason : DeliveryDropReason.values()) {
      long count = drops.count(reason);
      if (count > 0) {
        counter.record(
            count,
            Attributes.of(
                SIGNAL,
                DeliverySignal.FINDING.value(),
                RECEIVER,
                DeliveryReceiver.SIEM.value(),
                REASON,
                reason.value()));
      }
    }
  }

  private SiemMetrics() {}
}
