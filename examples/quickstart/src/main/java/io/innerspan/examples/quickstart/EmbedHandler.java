package io.innerspan.examples.quickstart;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.langchain4j.model.embedding.EmbeddingModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Embeds the text of a request. */
final class EmbedHandler implements HttpHandler {
  private static final int MAX_BODY_BYTES = 1 << 20;
  private static final int SHOWN_NUMBERS = 8;

  private final EmbeddingModel model;

  EmbedHandler(EmbeddingModel model) {
    this.model = model;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestMethod().equals("POST")) {
      JsonAnswer.refuse(exchange, 405, "POST a text");
      return;
    }
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
    if (body.length > MAX_BODY_BYTES) {
      JsonAnswer.refuse(exchange, 413, "the body is longer than " + MAX_BODY_BYTES + " bytes");
      return;
    }
    String text =
        text(
            exchange.getRequestHeaders().getFirst("Content-Type"),
            new String(body, StandardCharsets.UTF_8));
    if (text == null) {
      JsonAnswer.refuse(exchange, 400, "expected JSON {\"text\":\"…\"}");
    } else if (text.isBlank()) {
      JsonAnswer.refuse(exchange, 400, "the text is blank");
    } else {
      JsonAnswer.send(exchange, 200, embed(text));
    }
  }

  /** The body itself, or the JSON body's member {@code text}; null when there is none. */
  private static @Nullable String text(@Nullable String contentType, String body) {
    if (contentType == null || !contentType.startsWith("application/json")) {
      return body;
    }
    try {
      return JsonParser.parseString(body) instanceof JsonObject object
              && object.get("text") instanceof JsonPrimitive text
              && text.isString()
          ? text.getAsString()
          : null;
    } catch (JsonParseException e) {
      return null;
    }
  }

  private JsonObject embed(String text) {
    float[] embedding = model.embed(text).content().vector();
    JsonArray first = new JsonArray();
    for (int i = 0; i < Math.min(SHOWN_NUMBERS, embedding.length); i++) {
      first.add(embedding[i]);
    }
    JsonObject answer = new JsonObject();
    answer.addProperty("dimension", embedding.length);
    answer.add("embedding", first);
    return answer;
  }
}
