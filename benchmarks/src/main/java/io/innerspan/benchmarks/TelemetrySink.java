package io.innerspan.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An OTLP/HTTP receiver on the loopback interface that accepts everything and keeps nothing. It
 * remembers whose telemetry had scores: a benchmark of probes that read nothing would prove
 * nothing. The first segment of a request's path says who sends.
 */
final class TelemetrySink implements AutoCloseable {
  private static final String SCORE = "innerspan.probe.";

  private final HttpServer server;
  private final Set<String> sendersOfScores = ConcurrentHashMap.newKeySet();

  TelemetrySink() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::receive);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  /** Whether spans with scores came from this sender. */
  boolean sawScores(String sender) {
    return sendersOfScores.contains(sender);
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      // Strings lie plainly in protobuf; the agents do not compress by default.
      byte[] body = exchange.getRequestBody().readAllBytes();
      String[] path = exchange.getRequestURI().getPath().split("/", 3);
      if (path.length == 3
          && path[2].endsWith("traces")
          && new String(body, StandardCharsets.ISO_8859_1).contains(SCORE)) {
        sendersOfScores.add(path[1]);
      }
      exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(200, -1);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
