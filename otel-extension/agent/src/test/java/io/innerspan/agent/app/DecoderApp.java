package io.innerspan.agent.app;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Serves a decoder over HTTP. For each line that it reads, {@code how many steps, a prompt's token
 * ids}, it asks itself; for one that begins with {@code main} it runs the model right away.
 */
final class DecoderApp {
  public static void main(String[] arguments) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(arguments[0])) {
      GreedyDecoder decoder = new GreedyDecoder(session);
      server.createContext("/", exchange -> answer(exchange, decoder));
      server.setExecutor(threads);
      server.start();
      System.out.println("open");
      BufferedReader input =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        System.out.println(
            "generated "
                + (line.startsWith("main,")
                    ? generate(decoder, line.substring("main,".length()))
                    : ask(server.getAddress().getPort(), line)));
      }
    } finally {
      server.stop(0);
      threads.shutdown();
    }
    System.out.println("done");
  }

  private static String ask(int port, String line) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
            .POST(HttpRequest.BodyPublishers.ofString(line))
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8))
        .body();
  }

  private static void answer(HttpExchange exchange, GreedyDecoder decoder) throws IOException {
    String line = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    byte[] answer = generate(decoder, line).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private static String generate(GreedyDecoder decoder, String line) {
    long[] numbers = Arrays.stream(line.split(",")).mapToLong(Long::parseLong).toArray();
    long[] prompt = Arrays.copyOfRange(numbers, 1, numbers.length);
    try {
      return Arrays.toString(decoder.generate(prompt, (int) numbers[0], (result, tokens) -> {}));
    } catch (Exception e) {
      return e.toString();
    }
  }

  private DecoderApp() {}
}
