package io.innerspan.examples.quickstart.driver;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;

/** Sends texts to the service, each in a trace of its own. */
final class ServiceClient {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  private final String address;
  private final URI endpoint;
  private final HttpClient http = HttpClient.newHttpClient();
  private final SecureRandom random = new SecureRandom();

  /**
   * @param address the service's address without a path
   * @param path that takes texts
   */
  ServiceClient(String address, String path) {
    this.address = address;
    endpoint = URI.create(address + path);
  }

  /** The service's address without a path. */
  String address() {
    return address;
  }

  /**
   * Sends a text.
   *
   * @throws Failure when the service does not answer with success
   */
  SentText send(String text) {
    TraceParent parent = TraceParent.create(random);
    HttpRequest request =
        HttpRequest.newBuilder(endpoint)
            .timeout(TIMEOUT)
            .header("Content-Type", "text/plain; charset=utf-8")
            .header("traceparent", parent.header())
            .POST(BodyPublishers.ofString(text, StandardCharsets.UTF_8))
            .build();
    try {
      HttpResponse<String> response =
          http.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
      if (response.statusCode() != 200) {
        throw Failure.run(
            "the service answered "
                + response.statusCode()
                + " "
                + response.body()
                + " to "
                + Printable.quoted(text));
      }
      return new SentText(text, parent.traceId());
    } catch (IOException e) {
      throw Failure.run("the service does not answer at " + endpoint + ": " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.run("interrupted");
    }
  }
}
