package io.innerspan.exporter.siem;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import io.innerspan.exporter.siem.Target.Receipt;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TargetsTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  @TempDir Path folder;

  @Test
  void file_twoBatches_areLinesThatTheOwnerReads() throws Exception {
    Path file = folder.resolve("findings.jsonl");
    FileTarget target = new FileTarget(file, FindingFormat.OCSF);
    assertThat(target.send(List.of(finding("a"), finding("b")))).isEqualTo(Receipt.taken());
    assertThat(target.send(List.of(finding("c")))).isEqualTo(Receipt.taken());
    assertThat(Files.readAllLines(file))
        .extracting(line -> JsonParser.parseString(line).getAsJsonObject())
        .extracting(document -> document.getAsJsonObject("metadata").get("uid").getAsString())
        .containsExactly("a", "b", "c");
    if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
      assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    }
  }

  @Test
  void file_folderIsMissing_isNotNow() {
    FileTarget target = new FileTarget(folder.resolve("none/findings"), FindingFormat.CEF);
    assertThatThrownBy(() -> target.send(List.of(finding("a")))).isInstanceOf(IOException.class);
  }

  @Test
  void hec_twoFindings_areEvents() throws Exception {
    try (Receiver receiver = new Receiver(200)) {
      Target target = receiver.target(HttpProtocol.HEC, FindingFormat.OCSF);
      assertThat(target.send(List.of(finding("a"), finding("b")))).isEqualTo(Receipt.taken());
      String[] lines = receiver.bodies.take().split("\n");
      assertThat(lines).hasSize(2);
      JsonObject event = JsonParser.parseString(lines[0]).getAsJsonObject();
      assertThat(event.get("time").getAsDouble()).isEqualTo(1.5);
      assertThat(event.get("host").getAsString()).isEqualTo("node 7");
      assertThat(event.get("sourcetype").getAsString()).isEqualTo("innerspan:ocsf");
      assertThat(event.getAsJsonObject("event").get("class_uid").getAsInt()).isEqualTo(2004);
      assertThat(receiver.authorizations.take()).isEqualTo("Splunk token");
    }
  }

  @Test
  void hec_cef_isAString() throws Exception {
    try (Receiver receiver = new Receiver(200)) {
      receiver.target(HttpProtocol.HEC, FindingFormat.CEF).send(List.of(finding("a")));
      JsonObject event = JsonParser.parseString(receiver.bodies.take()).getAsJsonObject();
      assertThat(event.get("event").getAsString()).startsWith("CEF:0|");
    }
  }

  @Test
  void elasticsearch_twoFindings_areCreatedUnderTheirIds() throws Exception {
    try (Receiver receiver = new Receiver(200)) {
      receiver
          .target(HttpProtocol.ELASTICSEARCH, FindingFormat.ECS)
          .send(List.of(finding("a"), finding("b")));
      String[] lines = receiver.bodies.take().split("\n");
      assertThat(lines).hasSize(4);
      assertThat(lines[0]).isEqualTo("{\"create\":{\"_id\":\"a\"}}");
      assertThat(lines[1]).startsWith("{\"@timestamp\":\"1970-01-01T00:00:01.5Z\"");
      assertThat(lines[2]).isEqualTo("{\"create\":{\"_id\":\"b\"}}");
    }
  }

  /** One was there before, one is refused, one is to come again; the answer itself is 200. */
  @Test
  void elasticsearch_eachDocument_hasItsOwnStatus() throws Exception {
    String answer =
        """
        {"items":[{"create":{"status":201}},{"create":{"status":409}},
        {"create":{"status":400}},{"create":{"status":429}}]}
        """;
    try (Receiver receiver = new Receiver(200, answer)) {
      Finding late = finding("d");
      assertThat(
              receiver
                  .target(HttpProtocol.ELASTICSEARCH, FindingFormat.ECS)
                  .send(List.of(finding("a"), finding("b"), finding("c"), late)))
          .isEqualTo(new Receipt(List.of(late), 1));
      assertThat(receiver.queries.take()).isEqualTo("filter_path=items.*.status");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "200, TAKEN",
    "204, TAKEN",
    "301, REFUSED",
    "400, REFUSED",
    "401, REFUSED",
    "408, LATER",
    "429, LATER",
    "503, LATER"
  })
  void http_status_decides(int status, String receipt) throws Exception {
    try (Receiver receiver = new Receiver(status)) {
      Target target = receiver.target(HttpProtocol.NDJSON, FindingFormat.OCSF);
      List<Finding> sent = List.of(finding("a"));
      assertThat(target.send(sent))
          .isEqualTo(
              switch (receipt) {
                case "TAKEN" -> Receipt.taken();
                case "LATER" -> Receipt.later(sent);
                default -> Receipt.refused(sent);
              });
    }
  }

  @Test
  void http_garbage_isNoAnswer() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
      Thread garbage =
          new Thread(
              () -> {
                try (Socket socket = server.accept()) {
                  socket.getOutputStream().write("SSH-2.0-garbage\r\n".getBytes(US_ASCII));
                  socket.getOutputStream().flush();
                } catch (IOException e) {
                  // The client is gone.
                }
              });
      garbage.start();
      Target target =
          new HttpTarget(
              URI.create("http://127.0.0.1:" + server.getLocalPort()),
              Map.of(),
              HttpProtocol.NDJSON,
              FindingFormat.OCSF);
      assertThatThrownBy(() -> target.send(List.of(finding("a")))).isInstanceOf(IOException.class);
      server.close(); // Whether it was asked or not.
      garbage.join();
    }
  }

  /** One says nothing at all, the other begins an answer and does not end it. */
  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"})
  void http_receiverThatHangs_isNoAnswer(String begun) throws Exception {
    CountDownLatch tried = new CountDownLatch(1);
    try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
      Thread hanging =
          new Thread(
              () -> {
                try (Socket socket = server.accept()) {
                  socket.getOutputStream().write(begun.getBytes(US_ASCII));
                  socket.getOutputStream().flush();
                  tried.await();
                } catch (IOException | InterruptedException e) {
                  // The test is over.
                }
              });
      hanging.start();
      Target target =
          new HttpTarget(
              URI.create("http://127.0.0.1:" + server.getLocalPort()),
              Map.of(),
              HttpProtocol.ELASTICSEARCH,
              FindingFormat.ECS,
              Duration.ofMillis(300));
      assertThatThrownBy(() -> target.send(List.of(finding("a")))).isInstanceOf(IOException.class);
      tried.countDown();
      server.close(); // On a busy machine the time may be over before there is a connection.
      hanging.join();
    }
  }

  @Test
  void syslog_twoFindings_areCountedFrames() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
      Target target =
          new SyslogTarget(
              URI.create("tcp://127.0.0.1:" + server.getLocalPort()), FindingFormat.CEF);
      assertThat(target.send(List.of(finding("a"), finding("漢")))).isEqualTo(Receipt.taken());
      try (Socket socket = server.accept()) {
        assertThat(frame(socket.getInputStream()))
            .startsWith("<106>1 1970-01-01T00:00:01.500Z node_7 innerspan - drift - CEF:0|")
            .contains(" externalId=a ");
        assertThat(frame(socket.getInputStream())).contains(" externalId=漢 ");
      }
      target.close();
    }
  }

  @Test
  void syslog_receiverIsGone_isNotNow() throws Exception {
    try (Socket nobody = new Socket()) {
      nobody.bind(new InetSocketAddress(LOOPBACK, 0)); // Its port is nobody else's meanwhile.
      Target target =
          new SyslogTarget(
              URI.create("tcp://127.0.0.1:" + nobody.getLocalPort()), FindingFormat.CEF);
      assertThatThrownBy(() -> target.send(List.of(finding("a")))).isInstanceOf(IOException.class);
    }
  }

  private static String frame(InputStream in) throws IOException {
    int length = 0;
    for (int next = in.read(); next != ' '; next = in.read()) {
      length = 10 * length + next - '0';
    }
    return new String(in.readNBytes(length), UTF_8);
  }

  private static Finding finding(String id) {
    return new Finding(
        Instant.ofEpochMilli(1500),
        "",
        "",
        Map.of(
            "innerspan.finding.id", id,
            "innerspan.finding.kind", "drift",
            "innerspan.finding.severity", "critical"),
        Map.of("host.name", "node 7"));
  }

  /** A real HTTP server that answers with one status and keeps what it is sent. */
  private static final class Receiver implements AutoCloseable {
    private final HttpServer server;
    final BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
    final BlockingQueue<String> authorizations = new LinkedBlockingQueue<>();

    final BlockingQueue<String> queries = new LinkedBlockingQueue<>();

    Receiver(int status) throws IOException {
      this(status, "");
    }

    Receiver(int status, String answer) throws IOException {
      server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
      server.createContext(
          "/",
          exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            authorizations.add(
                String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            queries.add(String.valueOf(exchange.getRequestURI().getQuery()));
            exchange.sendResponseHeaders(status, answer.isEmpty() ? -1 : 0);
            if (!answer.isEmpty()) {
              exchange.getResponseBody().write(answer.getBytes(UTF_8));
            }
            exchange.close();
          });
      server.start();
    }

    Target target(HttpProtocol protocol, FindingFormat format) {
      return new HttpTarget(
          URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/services/collector"),
          Map.of("Authorization", "Splunk token"),
          protocol,
          format);
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
