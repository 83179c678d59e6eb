package io.innerspan.extension.delivery;

import io.opentelemetry.sdk.common.CompletableResultCode;

/** Sends serialised requests to a receiver. */
interface Transport {
  /**
   * Begins to send a request, and does not wait.
   *
   * @param body the serialised OTLP request
   * @param items how many spans, metrics or log records are in it
   */
  CompletableResultCode send(byte[] body, int items);
}
