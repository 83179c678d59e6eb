package io.innerspan.agent.app;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.innerspan.api.ContentKind;
import io.innerspan.api.InferenceReading;
import io.innerspan.api.Innerspan;
import io.innerspan.api.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * An HTTP service on MiniLM that acts on scores and tells what came of its answers. One thread
 * serves all requests, so that nothing of a request may be seen in the next one.
 */
final class ApiApp {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  private ApiApp(String model) throws OrtException {
    session = environment.createSession(model);
  }

  public static void main(String[] arguments) throws Exception {
    ApiApp app = new ApiApp(arguments[0]);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/embed", app::embed);
    server.createContext("/look", app::look);
    server.createContext("/verdict", app::verdict);
    server.start();
    System.out.println("port " + server.getAddress().getPort());
    System.in.read();
    server.stop(0);
    app.session.close();
  }

  /** Token ids as the query, text as the body; the answer is what was read. */
  private void embed(HttpExchange exchange) throws IOException {
    long[] ids =
        Arrays.stream(exchange.getRequestURI().getQuery().split(","))
            .mapToLong(Long::parseLong)
            .toArray();
    String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Innerspan.content(ContentKind.INPUT, text);
    try {
      run(ids);
    } catch (OrtException e) {
      throw new IOException(e);
    }
    InferenceReading reading = Innerspan.currentReading();
    Innerspan.report(Outcome.taskSuccess(reading.isPresent()));
    Innerspan.report(
        Outcome.judgeVerdict("tone", "good").withExplanation("because of " + text).on(reading));
    StringBuilder answer = new StringBuilder();
    answer.append(reading.model()).append('\n');
    answer.append(reading.traceId()).append('\n').append(reading.spanId()).append('\n');
    answer.append(new TreeMap<>(reading.scores())).append('\n');
    answer.append(reading.crossed().size()).append('\n');
    answer.append(reading.signals().keySet());
    answer(exchange, answer.toString());
  }

  /** What is read when this request has no inference. */
  private void look(HttpExchange exchange) throws IOException {
    answer(exchange, String.valueOf(Innerspan.currentReading().isPresent()));
  }

  /** A user's verdict, later: trace, span and label. */
  private void verdict(HttpExchange exchange) throws IOException {
    String[] about = exchange.getRequestURI().getQuery().split(",");
    Innerspan.report(Outcome.humanVerdict("tone", about[2]).on(about[0], about[1]));
    answer(exchange, "thanks");
  }

  private void run(long[] ids) throws OrtException {
    long[] mask = new long[ids.length];
    Arrays.fill(mask, 1);
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    inputs.put("input_ids", OnnxTensor.createTensor(environment, new long[][] {ids}));
    inputs.put("attention_mask", OnnxTensor.createTensor(environment, new long[][] {mask}));
    inputs.put("token_type_ids", OnnxTensor.createTensor(environment, new long[1][ids.length]));
    try (OrtSession.Result result = session.run(inputs)) {
      result.size();
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
