package io.innerspan.extension.delivery;

import io.innerspan.semconv.DeliveryDropReason;
import io.innerspan.semconv.DeliverySignal;
import io.opentelemetry.exporter.internal.marshal.Marshaler;
import io.opentelemetry.sdk.common.CompletableResultCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where one exporter's telemetry goes over to the delivery, once there is one. */
final class DeliveryPoint {
  private final Transport transport;
  private final Supplier<@Nullable Delivery> delivery;

  DeliveryPoint(Transport transport, Supplier<@Nullable Delivery> delivery) {
    this.transport = transport;
    this.delivery = delivery;
  }

  /** The lane of a signal; null while there is no delivery, or another exporter has the lane. */
  @Nullable Lane lane(DeliverySignal signal) {
    Delivery current = delivery.get();
    return current == null ? null : current.lane(signal, transport);
  }

  /** Encodes a request, now because the SDK uses its data again, and hands it over. */
  CompletableResultCode offer(
      Lane lane, DeliverySignal signal, int items, Supplier<Marshaler> request) {
    byte[] body;
    try {
      body = encoded(request.get());
    } catch (IOException | RuntimeException e) {
      Delivery current = delivery.get();
      if (current != null) {
        current.drops().add(signal, DeliveryDropReason.NOT_ENCODED, items, e.toString());
      }
      return CompletableResultCode.ofExceptionalFailure(e);
    }
    return lane.offer(new Request(signal, items, body))
        ? CompletableResultCode.ofSuccess()
        : CompletableResultCode.ofFailure();
  }

  private static byte[] encoded(Marshaler request) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(request.getBinarySerializedSize());
    request.writeBinaryTo(bytes);
    return bytes.toByteArray();
  }

  /**
   * Flushes or ends the lanes of an exporter.
   *
   * @param without what the exporter itself does where there are none
   */
  CompletableResultCode settle(
      Supplier<CompletableResultCode> without, boolean close, DeliverySignal... signals) {
    Delivery current = delivery.get();
    List<CompletableResultCode> results = new ArrayList<>();
    for (DeliverySignal signal : signals) {
      Lane lane = current == null ? null : current.lane(signal, transport);
      if (current == null || lane == null) {
        return without.get();
      }
      results.add(current.settle(lane, close));
    }
    return CompletableResultCode.ofAll(results);
  }
}
