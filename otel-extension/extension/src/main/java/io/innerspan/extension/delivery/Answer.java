package io.innerspan.extension.delivery;

import io.opentelemetry.exporter.internal.FailedExportException;
import io.opentelemetry.exporter.internal.FailedExportException.GrpcExportException;
import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.GrpcResponse;
import io.opentelemetry.sdk.common.export.GrpcStatusCode;
import io.opentelemetry.sdk.common.export.HttpResponse;
import java.io.IOException;

/**
 * What became of a request.
 *
 * <p>Statuses that OTLP calls retryable, and no answer at all, are {@link #LATER}. Of the others
 * those that speak of the receiver rather than of the request, such as an expired token or an
 * internal error, are {@link #DOUBTFUL}: OTLP has them not sent again, but findings would be lost
 * by a collector that restarts behind a proxy. They are tried some times, at growing intervals.
 */
enum Answer {
  /** The receiver has it. */
  DELIVERED,
  /** The receiver is away or busy. */
  LATER,
  /** The receiver refuses it for a reason that may pass. */
  DOUBTFUL,
  /** The receiver will never take it. */
  REFUSED;

  /** Of a result that is there. */
  static Answer of(CompletableResultCode result) {
    if (result.isSuccess()) {
      return DELIVERED;
    }
    Throwable failure = result.getFailureThrowable();
    if (failure instanceof HttpExportException http) {
      HttpResponse response = http.getResponse();
      return response == null ? ofNone(http) : ofHttp(response.getStatusCode());
    }
    if (failure instanceof GrpcExportException grpc) {
      GrpcResponse response = grpc.getResponse();
      return response == null ? ofNone(grpc) : ofGrpc(response.getStatusCode());
    }
    return LATER;
  }

  /** The exporter does not even send what is larger than its {@code max_request_size}. */
  private static Answer ofNone(FailedExportException failure) {
    Throwable cause = failure.getCause();
    String message = cause instanceof IOException ? cause.getMessage() : null;
    return message != null && message.contains("exceeded limit of") ? REFUSED : LATER;
  }

  static Answer ofHttp(int status) {
    return switch (status) {
      case 429, 502, 503, 504 -> LATER;
      case 401, 403, 404, 407, 408 -> DOUBTFUL;
      default -> status >= 400 && status < 500 ? REFUSED : DOUBTFUL;
    };
  }

  static Answer ofGrpc(GrpcStatusCode status) {
    return switch (status) {
      case CANCELLED,
          DEADLINE_EXCEEDED,
          RESOURCE_EXHAUSTED,
          ABORTED,
          OUT_OF_RANGE,
          UNAVAILABLE,
          DATA_LOSS ->
          LATER;
      case INVALID_ARGUMENT -> REFUSED;
      default -> DOUBTFUL;
    };
  }
}
