package io.innerspan.examples.djltext;

import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.Classifications.Classification;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Classifies the text of a request. */
final class ClassifyHandler implements HttpHandler {
  private static final int MAX_BODY_BYTES = 1 << 20;

  private final ZooModel<String, Classifications> model;

  ClassifyHandler(ZooModel<String, Classifications> model) {
    this.model = model;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestMethod().equals("POST")) {
      refuse(exchange, 405, "POST a text");
      return;
    }
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
    String text = new String(body, StandardCharsets.UTF_8);
    if (body.length > MAX_BODY_BYTES) {
      refuse(exchange, 413, "the body is longer than " + MAX_BODY_BYTES + " bytes");
    } else if (text.isBlank()) {
      refuse(exchange, 400, "the text is blank");
    } else {
      classify(exchange, text);
    }
  }

  private void classify(HttpExchange exchange, String text) throws IOException {
    try (Predictor<String, Classifications> predictor = model.newPredictor()) {
      Classification best = predictor.predict(text).best();
      JsonObject answer = new JsonObject();
      answer.addProperty("label", best.getClassName());
      answer.addProperty("probability", best.getProbability());
      send(exchange, 200, answer);
    } catch (TranslateException e) {
      refuse(exchange, 500, "the model failed");
    }
  }

  private static void refuse(HttpExchange exchange, int status, String reason) throws IOException {
    JsonObject answer = new JsonObject();
    answer.addProperty("error", reason);
    send(exchange, status, answer);
  }

  private static void send(HttpExchange exchange, int status, JsonObject answer)
      throws IOException {
    byte[] body = answer.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    try (exchange) {
      exchange.getResponseBody().write(body);
    }
  }
}
