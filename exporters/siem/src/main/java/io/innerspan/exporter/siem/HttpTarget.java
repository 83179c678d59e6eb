package io.innerspan.exporter.siem;

import io.opentelemetry.api.impl.InstrumentationUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Posts findings. Redirects are not followed: a token goes to the host it was given for. */
final class HttpTarget implements Target {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int LONGEST_ANSWER = 1 << 16;

  private final URI endpoint;
  private final Map<String, String> headers;
  private final HttpProtocol protocol;
  private final FindingFormat format;
  private final Duration timeout;
  private @Nullable HttpClient client;

  HttpTarget(
      URI endpoint, Map<String, String> headers, HttpProtocol protocol, FindingFormat format) {
    this(endpoint, headers, protocol, format, TIMEOUT);
  }

  /**
   * @param timeout until there is a connection, and again until an answer begins; twice as long
   *     until it is whole
   */
  HttpTarget(
      URI endpoint,
      Map<String, String> headers,
      HttpProtocol protocol,
      FindingFormat format,
      Duration timeout) {
    this.endpoint = endpoint;
    this.headers = Map.copyOf(headers);
    this.protocol = protocol;
    this.format = format;
    this.timeout = timeout;
  }

  @Override
  public Receipt send(List<Finding> findings) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(protocol.address(endpoint))
            .timeout(timeout)
            .header("Content-Type", protocol.contentType())
            .POST(BodyPublishers.ofString(protocol.body(findings, format)));
    headers.forEach(request::setHeader);
    Start answer = new Start();
    HttpResponse<Void> response = untraced(() -> whole(request.build(), answer));
    int status = response.statusCode();
    if (status >= 200 && status < 300) {
      return protocol.receipt(findings, answer.text());
    }
    return isLater(status) ? Receipt.later(findings) : Receipt.refused(findings);
  }

  /** Whether the same request may be taken another time. */
  static boolean isLater(int status) {
    return status == 408 || status == 429 || status >= 500;
  }

  /** The request's own time limit ends with the head of the answer. */
  private HttpResponse<Void> whole(HttpRequest request, Start answer)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<Void>> response =
        client().sendAsync(request, BodyHandlers.ofByteArrayConsumer(answer));
    try {
      return response.get(2 * timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (TimeoutException e) {
      throw new HttpTimeoutException("no whole answer");
    } finally {
      response.cancel(true);
    }
  }

  /** Keeps the start of an answer, and lets the rest pass. Used by one thread after another. */
  private static final class Start implements Consumer<Optional<byte[]>> {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    @Override
    public synchronized void accept(Optional<byte[]> part) {
      part.ifPresent(b -> kept.write(b, 0, Math.min(b.length, LONGEST_ANSWER - kept.size())));
    }

    synchronized String text() {
      return kept.toString(StandardCharsets.UTF_8);
    }
  }

  private HttpClient client() {
    HttpClient made = client;
    if (made == null) {
      // With the first finding, long after the application's start.
      made = HttpClient.newBuilder().connectTimeout(timeout).build();
      client = made;
    }
    return made;
  }

  /** Without the agent making a span of our own request. */
  private static <T> T untraced(Callable<T> request) throws IOException, InterruptedException {
    AtomicReference<@Nullable T> result = new AtomicReference<>();
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    InstrumentationUtil.suppressInstrumentation(
        () -> {
          try {
            result.set(request.call());
          } catch (Exception e) {
            failure.set(e);
          }
        });
    Exception failed = failure.get();
    if (failed instanceof InterruptedException interrupted) {
      throw interrupted;
    }
    T answer = result.get();
    if (answer == null) {
      throw failed instanceof IOException io ? io : new IOException("no answer", failed);
    }
    return answer;
  }
}
