package io.innerspan.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.api.Innerspan;
import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.JvmCommand;
import io.innerspan.testing.OtlpReceiver;
import io.innerspan.testing.ReceivedLog;
import io.innerspan.testing.ReceivedSpan;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that uses our API, with the agent and without it. */
class ApiIT {
  private static final String APP = "io.innerspan.agent.app.ApiApp";
  private static final String IDS = "101,2129,2079,1045,25141,102";
  private static final List<String> SECRETS =
      List.of(
          "4111 1111 1111 1111",
          "DE89 3704 0044 0532 0130 00",
          "ada@example.org",
          "9018200",
          "ghp_0123456789abcdefghijklmnopqrstuvABCD",
          "K-4711-ADA");
  private static final String TEXT =
      "planted: card 4111 1111 1111 1111, account DE89 3704 0044 0532 0130 00,"
          + " write to ada@example.org or call +49 30 9018200,"
          + " key ghp_0123456789abcdefghijklmnopqrstuvABCD of customer K-4711-ADA";
  private static final String REDACTED =
      "planted: card [card], account [iban], write to [email] or call [phone],"
          + " key [key] of customer [customer]";

  @TempDir static Path packs;
  @TempDir static Path patterns;
  private static OtlpReceiver receiver;
  private static Exported exported;
  private static List<String> first;
  private static List<String> second;
  private static String lookedWithout;

  @BeforeAll
  static void serve() throws Exception {
    new SeededPack("seeded", 4).write(packs.resolve("seeded"));
    Files.writeString(patterns.resolve("own.txt"), "customer = K-[0-9]{4}-[A-Z]{3}\n");
    receiver = OtlpReceiver.start();
    exported = new Exported(receiver);
    try (ChildJvm app =
        withApi(Product.amongOthers(APP, "1.29.0", receiver), "1.29.0")
            .property("otel.instrumentation.innerspan.packs", packs.toString())
            .property("otel.instrumentation.innerspan.content", "redacted")
            .property("otel.instrumentation.innerspan.content-retention", "P7D")
            .property(
                "otel.instrumentation.innerspan.content-patterns",
                patterns.resolve("own.txt").toString())
            .arguments(MiniLm.FILE.toString())
            .start()) {
      int port = port(app);
      app.awaitLine(Product.READINGS_ON, Product.PATIENCE);
      first = ask(port, "/embed?" + IDS, TEXT).lines().toList();
      lookedWithout = ask(port, "/look", "");
      ask(port, "/verdict?" + first.get(1) + "," + first.get(2) + ",good", "");
      second = ask(port, "/embed?101,102", TEXT).lines().toList();
      ask(port, "/verdict?" + second.get(1) + "," + second.get(2) + ",bad", "");
      app.closeInput();
      app.awaitSuccess(Product.PATIENCE);
    }
  }

  @AfterAll
  static void stop() {
    receiver.close();
  }

  @Test
  void currentReading_isWhatTheSpanSays() {
    ReceivedSpan span = span(first);
    StringBuilder scores = new StringBuilder("{");
    int crossed = 0;
    for (int i = 0; i < 4; i++) {
      scores.append(i == 0 ? "" : ", ").append("seeded_").append(i).append('=');
      scores.append(span.attribute("innerspan.probe.seeded_" + i + ".score"));
      crossed += "seen".equals(span.attribute("innerspan.probe.seeded_" + i + ".label")) ? 1 : 0;
    }

    assertThat(first.get(0)).isEqualTo("all-MiniLM-L6-v2");
    assertThat(first.get(1)).isEqualTo(span.traceId());
    assertThat(first.get(3)).isEqualTo(scores.append('}').toString());
    assertThat(first.get(4)).isEqualTo(String.valueOf(crossed));
    assertThat(first.get(5)).isEqualTo("[seeded_norm]");
  }

  @Test
  void currentReading_ofARequestWithoutInference_isNotTheOneBefore() {
    assertThat(lookedWithout).isEqualTo("false");
  }

  @Test
  void outcomes_areEventsOfTheirTraces() {
    assertThat(outcomes("task_success"))
        .hasSize(2)
        .allMatch(event -> "pass".equals(event.attribute("gen_ai.evaluation.score.label")))
        .allMatch(
            event -> Double.valueOf(1).equals(event.attribute("gen_ai.evaluation.score.value")))
        .extracting(ReceivedLog::traceId)
        .containsExactly(first.get(1), second.get(1));
    // In the request's own span, not in the inference's.
    assertThat(outcomes("task_success").get(0).spanId()).isEqualTo(span(first).parentSpanId());
    assertThat(outcomes("human_verdict"))
        .extracting(ReceivedLog::spanId)
        .containsExactly(first.get(2), second.get(2));
    assertThat(outcomes("judge_verdict"))
        .extracting(ReceivedLog::spanId)
        .containsExactly(first.get(2), second.get(2));
  }

  @Test
  void verdicts_areCompared() {
    assertThat(
            receiver.metrics().stream()
                .filter(metric -> metric.name().equals("innerspan.outcome.comparison"))
                .reduce((earlier, later) -> later)
                .orElseThrow()
                .numberPoints())
        .hasSize(2)
        .allMatch(point -> point.getAsInt() == 1);
  }

  @Test
  void content_isRedactedAndHasItsRetention() {
    List<ReceivedLog> texts =
        receiver.logs().stream()
            .filter(log -> log.eventName().equals("innerspan.content.captured"))
            .toList();

    assertThat(texts)
        .hasSize(2)
        .allMatch(log -> REDACTED.equals(log.attribute("innerspan.content.text")))
        .allMatch(log -> "P7D".equals(log.attribute("innerspan.content.retention")))
        .extracting(ReceivedLog::traceId)
        .containsExactly(first.get(1), second.get(1));
    assertThat(outcomes("judge_verdict").get(0).attribute("gen_ai.evaluation.explanation"))
        .isEqualTo("because of " + REDACTED);
  }

  @Test
  void secrets_areInNoExportedByte() {
    assertThat(exported.text()).contains("planted").doesNotContain(SECRETS);
  }

  @Test
  void digests_areAllThatIsExportedOfTexts() throws Exception {
    try (OtlpReceiver digests = OtlpReceiver.start();
        ChildJvm app =
            withApi(Product.amongOthers(APP, "1.29.0", digests), "1.29.0")
                .property("otel.instrumentation.innerspan.content", "digest")
                .arguments(MiniLm.FILE.toString())
                .start()) {
      Exported bytes = new Exported(digests);
      int port = port(app);
      ask(port, "/embed?" + IDS, TEXT);
      ask(port, "/embed?101,102", TEXT);
      app.closeInput();
      app.awaitSuccess(Product.PATIENCE);

      List<ReceivedLog> texts =
          digests.logs().stream()
              .filter(log -> log.eventName().equals("innerspan.content.captured"))
              .toList();
      assertThat(texts)
          .hasSize(2)
          .allMatch(log -> log.attribute("innerspan.content.text") == null)
          .allMatch(
              log -> Long.valueOf(TEXT.length()).equals(log.attribute("innerspan.content.length")))
          .allMatch(log -> log.attribute("innerspan.content.digest") != null);
      assertThat(texts.get(0).attribute("innerspan.content.digest"))
          .as("the same text, the same salt")
          .isEqualTo(texts.get(1).attribute("innerspan.content.digest"));
      assertThat(bytes.text())
          .contains("innerspan.content.digest")
          .doesNotContain(SECRETS)
          .doesNotContain("planted");
    }
  }

  @Test
  void without_theAgent_theApplicationRunsAlike() throws Exception {
    JvmCommand command = withApi(Product.application(APP, "1.29.0"), "1.29.0");
    try (ChildJvm app = command.arguments(MiniLm.FILE.toString()).start()) {
      int port = port(app);
      assertThat(ask(port, "/look", "")).isEqualTo("false");
      assertThat(ask(port, "/embed?" + IDS, TEXT)).contains("{}").contains("[]");
      app.closeInput();
      app.awaitSuccess(Product.PATIENCE);
    }
  }

  private static ReceivedSpan span(List<String> answer) {
    return receiver.spans().stream()
        .filter(span -> span.spanId().equals(answer.get(2)))
        .findFirst()
        .orElseThrow();
  }

  private static List<ReceivedLog> outcomes(String kind) {
    return receiver.logs().stream()
        .filter(log -> log.eventName().equals("gen_ai.evaluation.result"))
        .filter(log -> kind.equals(log.attribute("innerspan.outcome.kind")))
        .toList();
  }

  private static JvmCommand withApi(JvmCommand command, String onnxRuntime) throws Exception {
    return command.classPath(Product.classPath(onnxRuntime, Innerspan.class));
  }

  private static int port(ChildJvm app) {
    return Integer.parseInt(
        app.awaitLine("port ", Product.PATIENCE).text().substring("port ".length()));
  }

  private static String ask(int port, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .POST(BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }
}
