package io.innerspan.exporter.siem;

import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where findings go, and as what.
 *
 * @param endpoint {@code http}, {@code https}, {@code file}, {@code tcp}, {@code tls} or {@code
 *     udp}
 * @param format what a finding is written as
 * @param protocol how an HTTP request holds findings
 * @param headers headers of HTTP requests, such as a token
 * @param capacity how many findings wait at most
 */
record SiemSettings(
    URI endpoint,
    FindingFormat format,
    HttpProtocol protocol,
    Map<String, String> headers,
    int capacity) {
  static final String NAME = "innerspan_siem";
  private static final String PREFIX = "otel.exporter.innerspan.siem.";
  static final String ENDPOINT = PREFIX + "endpoint";
  static final String FORMAT = PREFIX + "format";
  static final String PROTOCOL = PREFIX + "protocol";
  static final String HEADERS = PREFIX + "headers";
  static final String CAPACITY = PREFIX + "queue";

  SiemSettings {
    headers = Map.copyOf(headers);
    if (capacity < 1 || capacity > 1_000_000) {
      throw new IllegalArgumentException(CAPACITY + ": expected 1 to 1000000, found " + capacity);
    }
    checkEndpoint(endpoint);
  }

  static SiemSettings of(ConfigProperties properties) {
    return new SiemSettings(
        uri(properties.getString(ENDPOINT, "")),
        FindingFormat.of(properties.getString(FORMAT, "ocsf")),
        HttpProtocol.of(properties.getString(PROTOCOL, "ndjson")),
        properties.getMap(HEADERS),
        properties.getInt(CAPACITY, 1000));
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(ENDPOINT + ": expected an address, found " + text, e);
    }
  }

  private static void checkEndpoint(URI endpoint) {
    String scheme = endpoint.getScheme() == null ? "" : endpoint.getScheme();
    boolean right =
        switch (scheme) {
          case "http", "https" -> endpoint.getHost() != null;
          case "tcp", "tls", "udp" -> endpoint.getHost() != null && endpoint.getPort() > 0;
          case "file" -> endpoint.getPath() != null && endpoint.getPath().length() > 1;
          default -> false;
        };
    if (!right) {
      throw new IllegalArgumentException(
          ENDPOINT
              + ": expected http(s)://host…, file:/path, or tcp, tls or udp://host:port, found "
              + endpoint);
    }
  }

  Target target() {
    return switch (endpoint.getScheme()) {
      case "file" -> new FileTarget(Path.of(endpoint.getPath()), format);
      case "http", "https" -> new HttpTarget(endpoint, headers, protocol, format);
      default -> new SyslogTarget(endpoint, format);
    };
  }
}
