package io.innerspan.examples.quickstart;

import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;

/** Says that the service is up. */
final class HealthHandler implements HttpHandler {
  @Override
  public void handle(HttpExchange exchange) throws IOException {
    JsonObject answer = new JsonObject();
    answer.addProperty("status", "up");
    JsonAnswer.send(exchange, 200, answer);
  }
}
