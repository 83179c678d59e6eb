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
import java.util.regex.Pattern;

/**
 * An OTLP/HTTP receiver on the loopback interface that accepts everything and keeps nothing. It
 * remembers which packs gave readings: a benchmark of signals that are not read would prove
 * nothing.
 */
final class TelemetrySink implements AutoCloseable {
  /** A pack as spans with its reading name it. */
  private static final Pattern PACK = Pattern.compile(RandomPack.ID + "([a-z0-9-]+)@");

  private final HttpServer server;
  private final Set<String> packs = ConcurrentHashMap.newKeySet();

  TelemetrySink() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::receive);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  /** Whether a span came with a reading of the pack whose folder has this name. */
  boolean sawReading(String pack) {
    return packs.contains(pack);
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      // Strings lie plainly in protobuf; the agents do not compress by default.
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (exchange.getRequestURI().getPath().endsWith("traces")) {
        PACK.matcher(new String(body, StandardCharsets.ISO_8859_1))
            .results()
            .forEach(found -> packs.add(found.group(1)));
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
