package io.innerspan.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * An OTLP receiver inside this process: gRPC, and HTTP with protobuf bodies (plain or gzip), on
 * free ports of the loopback address.
 *
 * <p>Keeps everything received until {@link #clear}; thread-safe. Each export request becomes
 * visible in one step, so whoever sees a span of a batch sees the whole batch.
 */
public final class OtlpReceiver implements AutoCloseable {
  private final TelemetryStore store = new TelemetryStore();
  private final GrpcTransport grpc;
  private final HttpTransport http;

  private OtlpReceiver() throws IOException {
    grpc = GrpcTransport.start(store);
    try {
      http = HttpTransport.start(store);
    } catch (IOException | RuntimeException e) {
      grpc.close();
      throw e;
    }
  }

  /**
   * Starts listening.
   *
   * @throws UncheckedIOException when no port can be opened on the loopback address
   */
  public static OtlpReceiver start() {
    try {
      return new OtlpReceiver();
    } catch (IOException e) {
      throw new UncheckedIOException("no OTLP receiver on the loopback address", e);
    }
  }

  /** The value for {@code otel.exporter.otlp.endpoint} with the protocol {@code grpc}. */
  public String grpcEndpoint() {
    return "http://127.0.0.1:" + grpc.port();
  }

  /** The value for {@code otel.exporter.otlp.endpoint} with the protocol {@code http/protobuf}. */
  public String httpEndpoint() {
    return "http://127.0.0.1:" + http.port();
  }

  /** Everything received so far, in the order of arrival. */
  public List<ReceivedSpan> spans() {
    return store.spans.snapshot();
  }

  /** Everything received so far, in the order of arrival. */
  public List<ReceivedMetric> metrics() {
    return store.metrics.snapshot();
  }

  /** Everything received so far, in the order of arrival. */
  public List<ReceivedLog> logs() {
    return store.logs.snapshot();
  }

  /**
   * Waits until the condition holds for all spans received.
   *
   * @return the spans for which it held
   * @throws AwaitError with the spans received when the time is over
   */
  public List<ReceivedSpan> awaitSpans(
      Predicate<? super List<ReceivedSpan>> condition, Duration timeout) {
    return store.spans.await(condition, timeout, "spans", OtlpReceiver::listing);
  }

  /**
   * Waits until the condition holds for all metrics received.
   *
   * @return the metrics for which it held
   * @throws AwaitError with the metrics received when the time is over
   */
  public List<ReceivedMetric> awaitMetrics(
      Predicate<? super List<ReceivedMetric>> condition, Duration timeout) {
    return store.metrics.await(condition, timeout, "metrics", OtlpReceiver::listing);
  }

  /**
   * Waits until the condition holds for all log records received.
   *
   * @return the log records for which it held
   * @throws AwaitError with the log records received when the time is over
   */
  public List<ReceivedLog> awaitLogs(
      Predicate<? super List<ReceivedLog>> condition, Duration timeout) {
    return store.logs.await(condition, timeout, "log records", OtlpReceiver::listing);
  }

  /**
   * Has every span that comes from now on given to the listener, on the receiving thread.
   *
   * @param listener must be quick and not throw: the sender waits for it
   */
  public void onSpan(Consumer<? super ReceivedSpan> listener) {
    store.spanListeners.add(listener);
  }

  /**
   * Has every export request that comes from now on given to the listener as protobuf, on the
   * receiving thread, with all that it holds.
   *
   * @param listener must be quick and not throw: the sender waits for it
   */
  public void onRequest(Consumer<? super byte[]> listener) {
    store.requestListeners.add(listener);
  }

  /** Forgets everything received so far. */
  public void clear() {
    store.spans.clear();
    store.metrics.clear();
    store.logs.clear();
  }

  /** Stops listening; what was received can still be read. */
  @Override
  public void close() {
    grpc.close();
    http.close();
  }

  private static String listing(List<?> received) {
    return received.stream()
        .map(item -> "  " + item)
        .collect(
            Collectors.joining(
                System.lineSeparator(),
                "received " + received.size() + ":" + System.lineSeparator(),
                ""));
  }
}
