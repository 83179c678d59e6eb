package io.innerspan.testing;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/** OTLP over HTTP with protobuf bodies, plain or gzip, on a free loopback port. */
final class HttpTransport {
  private static final int MAX_BODY_BYTES = 64 << 20;
  private static final String PROTOBUF = "application/x-protobuf";

  private final HttpServer server;
  private final ExecutorService threads;

  private HttpTransport(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  static HttpTransport start(TelemetryStore store) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    route(
        server,
        "/v1/traces",
        body -> {
          store.accept(ExportTraceServiceRequest.parseFrom(body));
          return ExportTraceServiceResponse.getDefaultInstance();
        });
    route(
        server,
        "/v1/metrics",
        body -> {
          store.accept(ExportMetricsServiceRequest.parseFrom(body));
          return ExportMetricsServiceResponse.getDefaultInstance();
        });
    route(
        server,
        "/v1/logs",
        body -> {
          store.accept(ExportLogsServiceRequest.parseFrom(body));
          return ExportLogsServiceResponse.getDefaultInstance();
        });
    ExecutorService threads = Executors.newCachedThreadPool(HttpTransport::daemon);
    server.setExecutor(threads);
    server.start();
    return new HttpTransport(server, threads);
  }

  int port() {
    return server.getAddress().getPort();
  }

  void close() {
    server.stop(0);
    threads.shutdown();
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "otlp-http-receiver");
    thread.setDaemon(true);
    return thread;
  }

  private static void route(HttpServer server, String path, Export export) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            handle(exchange, path, export);
          }
        });
  }

  private static void handle(HttpExchange exchange, String path, Export export) throws IOException {
    if (!exchange.getRequestURI().getPath().equals(path)) {
      exchange.sendResponseHeaders(404, -1);
    } else if (!exchange.getRequestMethod().equals("POST")) {
      exchange.sendResponseHeaders(405, -1);
    } else if (!PROTOBUF.equals(exchange.getRequestHeaders().getFirst("Content-Type"))) {
      exchange.sendResponseHeaders(415, -1);
    } else {
      byte[] body = body(exchange);
      if (body.length > MAX_BODY_BYTES) {
        exchange.sendResponseHeaders(413, -1);
        return;
      }
      try {
        byte[] answer = export.accept(body).toByteArray();
        exchange.getResponseHeaders().set("Content-Type", PROTOBUF);
        exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
        exchange.getResponseBody().write(answer);
      } catch (InvalidProtocolBufferException e) {
        exchange.sendResponseHeaders(400, -1);
      }
    }
  }

  /** The body, unpacked; one byte over the limit when it is too long. */
  private static byte[] body(HttpExchange exchange) throws IOException {
    boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    try (InputStream raw = exchange.getRequestBody();
        InputStream body = gzip ? new GZIPInputStream(raw) : raw) {
      return body.readNBytes(MAX_BODY_BYTES + 1);
    }
  }

  /** Takes one request's bytes and gives the answer. */
  private interface Export {
    MessageLite accept(byte[] body) throws InvalidProtocolBufferException;
  }
}
