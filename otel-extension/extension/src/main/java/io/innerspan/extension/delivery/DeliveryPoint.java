package io.innerspan.extension.delivery;

import io.innerspan.semconv.DeliveryDropReason;
import io.innerspan.semconv.DeliverySignal;
import io.opentelemetry.exporter.internal.marshal.Marshaler;
import io.opentelemetry.sdk.common.CompletableResultCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where one exporter's telemetry goes over to the delivery, once there is one. Thread-safe. */
final class DeliveryPoint {
  /** What an exporter has from the delivery. */
  private record Share(Delivery delivery, Map<DeliverySignal, Lane> lanes) {}

  private final Transport transport;
  private final List<DeliverySignal> signals;
  private volatile @Nullable Share share;

  DeliveryPoint(Transport transport, List<DeliverySignal> signals) {
    this.transport = transport;
    this.signals = List.copyOf(signals);
  }

  /** From now on the delivery has this exporter's telemetry, unless it has another exporter's. */
  void join(Delivery delivery) {
    Map<DeliverySignal, Lane> lanes = delivery.open(transport, signals);
    if (lanes != null) {
      share = new Share(delivery, lanes);
    }
  }

  /** Whether the exporter has to export itself. */
  boolean isAlone() {
    return share == null;
  }

  /** Encodes a request, now because the SDK uses its data again, and hands it over. */
  CompletableResultCode offer(DeliverySignal signal, int items, Supplier<Marshaler> request) {
    Share joined = share;
    Lane lane = joined == null ? null : joined.lanes.get(signal);
    if (joined == null || lane == null) {
      return CompletableResultCode.ofFailure();
    }
    byte[] body;
    try {
      body = encoded(request.get());
    } catch (IOException | RuntimeException e) {
      joined.delivery.drops().add(signal, DeliveryDropReason.NOT_ENCODED, items, e.toString());
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
   * Sees to it that what was taken is with the receiver, or else on disk.
   *
   * @param alone what the exporter itself does
   */
  CompletableResultCode flush(Supplier<CompletableResultCode> alone) {
    Share joined = share;
    return joined == null ? alone.get() : settle(joined, false);
  }

  /**
   * As {@link #flush}, and takes nothing any more.
   *
   * @param alone ends the exporter itself, which other lanes of it may need until they have ended
   */
  CompletableResultCode shutdown(Supplier<CompletableResultCode> alone) {
    Share joined = share;
    if (joined == null) {
      return alone.get();
    }
    CompletableResultCode done = settle(joined, true);
    done.whenComplete(alone::get);
    return done;
  }

  private static CompletableResultCode settle(Share joined, boolean close) {
    return CompletableResultCode.ofAll(
        joined.lanes.values().stream().map(lane -> joined.delivery.settle(lane, close)).toList());
  }
}
