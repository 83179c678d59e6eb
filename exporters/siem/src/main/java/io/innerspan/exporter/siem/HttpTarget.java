package io.innerspan.exporter.siem;

import io.opentelemetry.api.impl.InstrumentationUtil;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Posts findings. Redirects are not followed: a token goes to the host it was given for. */
final class HttpTarget implements Target {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final URI endpoint;
  private final Map<String, String> headers;
  private final HttpProtocol protocol;
  private final FindingFormat format;
  private @Nullable HttpClient client;

  HttpTarget(
      URI endpoint, Map<String, String> headers, HttpProtocol protocol, FindingFormat format) {
    this.endpoint = endpoint;
    this.headers = Map.copyOf(headers);
    this.protocol = protocol;
    this.format = format;
  }

  @Override
  public Outcome send(List<Finding> findings) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint)
            .timeout(TIMEOUT)
            .header("Content-Type", protocol.contentType())
            .POST(BodyPublishers.ofString(protocol.body(findings, format)));
    headers.forEach(request::setHeader);
    HttpResponse<Void> response =
        untraced(() -> client().send(request.build(), BodyHandlers.discarding()));
    return outcome(response.statusCode());
  }

  /** By the status alone: bodies differ between receivers, and are not always theirs. */
  static Outcome outcome(int status) {
    if (status >= 200 && status < 300) {
      return Outcome.TAKEN;
    }
    return status == 408 || status == 429 || status >= 500 ? Outcome.LATER : Outcome.REFUSED;
  }

  private HttpClient client() {
    HttpClient made = client;
    if (made == null) {
      // With the first finding, long after the application's start.
      made = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
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
