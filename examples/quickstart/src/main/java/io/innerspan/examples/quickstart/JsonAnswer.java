package io.innerspan.examples.quickstart;

import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Sends JSON. */
final class JsonAnswer {
  static void send(HttpExchange exchange, int status, JsonObject answer) throws IOException {
    byte[] body = answer.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    try (exchange) {
      exchange.getResponseBody().write(body);
    }
  }

  static void refuse(HttpExchange exchange, int status, String reason) throws IOException {
    JsonObject answer = new JsonObject();
    answer.addProperty("error", reason);
    send(exchange, status, answer);
  }

  private JsonAnswer() {}
}
