package io.innerspan.extension.delivery;

import io.innerspan.semconv.DeliverySignal;

/**
 * A request that waits for its receiver.
 *
 * @param items how many spans, metrics or log records are in it
 * @param body the serialised OTLP request; never changed
 */
record Request(DeliverySignal signal, int items, byte[] body) {}
