package io.innerspan.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service's answers over real HTTP, with the real model. */
class EmbedHandlerTest {
  private static final AllMiniLmL6V2EmbeddingModel MODEL = new AllMiniLmL6V2EmbeddingModel();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static HttpServer server;

  @BeforeAll
  static void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/embed", new EmbedHandler(MODEL));
    server.createContext("/health", new HealthHandler());
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop(0);
  }

  @Test
  void embed_plainText_givesTheModelsNumbers() throws Exception {
    assertEmbedding(post("text/plain", "grüß dich"), "grüß dich");
  }

  @Test
  void embed_json_givesTheModelsNumbers() throws Exception {
    assertEmbedding(
        post("application/json; charset=utf-8", "{\"text\":\"gr\\u00fcß dich\"}"), "grüß dich");
  }

  @Test
  void embed_longerThanTheModelTakes_givesTheModelsNumbers() throws Exception {
    String text = "one after the other ".repeat(300);

    assertEmbedding(post("text/plain", text), text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{}", "{\"text\":5}", "{\"text\":\"  \"}"})
  void embed_jsonWithoutText_isRefused(String body) throws Exception {
    HttpResponse<String> response = post("application/json", body);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).startsWith("{\"error\":");
  }

  @Test
  void embed_bodyOverOneMebibyte_isRefused() throws Exception {
    assertThat(post("text/plain", "x".repeat((1 << 20) + 1)).statusCode()).isEqualTo(413);
  }

  @Test
  void embed_get_isRefused() throws Exception {
    assertThat(send(request("/embed").GET()).statusCode()).isEqualTo(405);
  }

  @Test
  void health_get_isUp() throws Exception {
    assertThat(send(request("/health").GET()).body()).isEqualTo("{\"status\":\"up\"}");
  }

  private static void assertEmbedding(HttpResponse<String> response, String text) {
    float[] expected = MODEL.embed(text).content().vector();
    assertThat(response.statusCode()).isEqualTo(200);
    JsonObject answer = JsonParser.parseString(response.body()).getAsJsonObject();
    assertThat(answer.get("dimension").getAsInt()).isEqualTo(384);
    assertThat(answer.getAsJsonArray("embedding")).hasSize(8);
    for (int i = 0; i < 8; i++) {
      assertThat(answer.getAsJsonArray("embedding").get(i).getAsFloat()).isEqualTo(expected[i]);
    }
  }

  private static HttpResponse<String> post(String contentType, String body)
      throws IOException, InterruptedException {
    return send(
        request("/embed").header("Content-Type", contentType).POST(BodyPublishers.ofString(body)));
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }
}
