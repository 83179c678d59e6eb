package io.innerspan.examples.quickstart;

import com.sun.net.httpserver.HttpServer;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/**
 * Serves text embeddings over HTTP: {@code POST /embed} with a text, or with JSON {@code
 * {"text":"…"}}, and {@code GET /health}.
 *
 * <p>The argument is the port on the loopback address; 0 takes a free one, which is printed.
 */
public final class EmbeddingService {
  private static final int DEFAULT_PORT = 8080;

  public static void main(String[] args) throws IOException {
    int port = args.length == 0 ? DEFAULT_PORT : Integer.parseInt(args[0]);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/embed", new EmbedHandler(new AllMiniLmL6V2EmbeddingModel()));
    server.createContext("/health", new HealthHandler());
    server.setExecutor(Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors()));
    server.start();
    System.out.println("listening on http://127.0.0.1:" + server.getAddress().getPort());
  }

  private EmbeddingService() {}
}
