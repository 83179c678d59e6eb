package io.innerspan.mcp.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.JvmCommand;
import io.innerspan.testing.LogLine;
import io.innerspan.testing.OtlpReceiver;
import io.innerspan.testing.ReceivedLog;
import io.innerspan.testing.ReceivedSpan;
import io.innerspan.testing.models.Tabular;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients and servers on the real SDK, in one JVM over HTTP and in two over stdio. */
class McpIT {
  private static final String APP = "io.innerspan.mcp.testing.app.McpApp";
  private static final Duration PATIENCE = Duration.ofMinutes(6);
  private static final List<String> SECRETS =
      List.of("4111 1111 1111 1111", "ada@example.org", "9018200", "secret of");

  /** What applications have of ours: nothing. */
  private static final List<String> NOT_THE_APPLICATIONS =
      List.of(
          "innerspan", "grpc", "opentelemetry", "protobuf", "junit", "assertj", "mcp-", "slf4j");

  @TempDir static Path folder;
  private static final Map<String, Run> RUNS = new LinkedHashMap<>();

  /**
   * What an application gave.
   *
   * @param plain what it printed without the agent
   * @param observed what it printed with it
   * @param bytes all that was exported
   */
  private record Run(
      String name,
      List<String> plain,
      List<String> observed,
      List<ReceivedSpan> spans,
      List<ReceivedLog> logs,
      List<String> metrics,
      String bytes) {
    ReceivedSpan span(SpanKind kind, String spanName) {
      List<ReceivedSpan> found =
          spans.stream()
              .filter(span -> span.scope().equals("io.innerspan"))
              .filter(span -> span.kind() == kind && span.name().equals(spanName))
              .toList();
      assertThat(found).as(name + ": " + kind + " " + spanName + " in " + spans).hasSize(1);
      return found.get(0);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Run> runs() {
    return RUNS.values().stream();
  }

  @BeforeAll
  static void runAll() throws Exception {
    Path model = Files.write(folder.resolve("mlp.onnx"), Tabular.mlp().bytes());
    ExecutorService two = Executors.newFixedThreadPool(2);
    try {
      List<Future<Run>> begun = new ArrayList<>();
      for (String version : System.getProperty("innerspan.mcp.versions").split(",", -1)) {
        Path own = Files.createDirectories(folder.resolve(version));
        String[] http = {"http", model.toString(), own.toString()};
        begun.add(two.submit(() -> run("http on " + version, version, "redacted", http)));
        String[] stdio = {"stdio", model.toString()};
        begun.add(two.submit(() -> run("stdio on " + version, version, "off", stdio)));
      }
      for (Future<Run> run : begun) {
        RUNS.put(run.get().name(), run.get());
      }
    } finally {
      two.shutdownNow();
    }
  }

  @ParameterizedTest
  @MethodSource("runs")
  void application_printsTheSameAsWithout(Run run) {
    assertThat(run.plain()).contains("embed: ran 2, call +49 30 9018200", "refuse: error no");
    assertThat(run.observed()).isEqualTo(run.plain());
  }

  @ParameterizedTest
  @MethodSource("runs")
  void call_isOneTrace_fromTheClientToTheModel(Run run) {
    ReceivedSpan client = run.span(SpanKind.SPAN_KIND_CLIENT, "tools/call embed");
    ReceivedSpan server = run.span(SpanKind.SPAN_KIND_SERVER, "tools/call embed");
    ReceivedSpan model = run.span(SpanKind.SPAN_KIND_INTERNAL, "inference mlp");

    assertThat(server.traceId()).isEqualTo(client.traceId());
    assertThat(server.parentSpanId()).isEqualTo(client.spanId());
    assertThat(model.traceId()).isEqualTo(client.traceId());
    assertThat(model.parentSpanId()).isEqualTo(server.spanId());
    // The server's span may end when the client has its answer already.
    assertThat(client.proto().getStartTimeUnixNano())
        .isLessThanOrEqualTo(server.proto().getStartTimeUnixNano());
    assertThat(client.proto().getEndTimeUnixNano())
        .isGreaterThanOrEqualTo(model.proto().getEndTimeUnixNano());
  }

  @ParameterizedTest
  @MethodSource("runs")
  void call_hasTheConventionsAttributes(Run run) {
    ReceivedSpan client = run.span(SpanKind.SPAN_KIND_CLIENT, "tools/call embed");
    ReceivedSpan server = run.span(SpanKind.SPAN_KIND_SERVER, "tools/call embed");
    for (ReceivedSpan span : List.of(client, server)) {
      assertThat(span.attribute("mcp.method.name")).isEqualTo("tools/call");
      assertThat(span.attribute("gen_ai.tool.name")).isEqualTo("embed");
      assertThat(span.attribute("gen_ai.operation.name")).isEqualTo("execute_tool");
      assertThat(span.attribute("network.transport"))
          .isEqualTo(run.name().startsWith("http") ? "tcp" : "pipe");
      assertThat(span.attribute("error.type")).isNull();
      assertThat(span.proto().getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_UNSET);
    }
    assertThat(client.attribute("jsonrpc.request.id"))
        .isNotNull()
        .isEqualTo(server.attribute("jsonrpc.request.id"));
    assertThat(server.attribute("mcp.session.id") != null).isEqualTo(run.name().startsWith("http"));
    assertThat(run.span(SpanKind.SPAN_KIND_CLIENT, "initialize").attribute("mcp.protocol.version"))
        .isNotNull();
    run.span(SpanKind.SPAN_KIND_CLIENT, "tools/list");
    run.span(SpanKind.SPAN_KIND_SERVER, "tools/list");
    run.span(SpanKind.SPAN_KIND_CLIENT, "ping");
    run.span(SpanKind.SPAN_KIND_CLIENT, "notifications/initialized");
    run.span(SpanKind.SPAN_KIND_SERVER, "notifications/initialized");
  }

  @ParameterizedTest
  @MethodSource("runs")
  void failures_haveTheirTypes(Run run) {
    for (SpanKind kind : List.of(SpanKind.SPAN_KIND_CLIENT, SpanKind.SPAN_KIND_SERVER)) {
      ReceivedSpan refused = run.span(kind, "tools/call refuse");
      assertThat(refused.attribute("error.type")).isEqualTo("tool_error");
      assertThat(refused.proto().getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
      assertThat(refused.proto().getStatus().getMessage()).isEmpty();
      ReceivedSpan thrown = run.span(kind, "tools/call throw");
      assertThat(thrown.attribute("error.type")).isNotNull();
    }
    ReceivedSpan missing = run.span(SpanKind.SPAN_KIND_CLIENT, "tools/call missing");
    assertThat(missing.attribute("error.type")).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("runs")
  void durations_areMeasured(Run run) {
    assertThat(run.metrics())
        .contains("mcp.client.operation.duration", "mcp.server.operation.duration");
  }

  @ParameterizedTest
  @MethodSource("runs")
  void content_isRedacted_orNotThere(Run run) {
    List<Object> texts =
        run.logs().stream()
            .filter(log -> log.eventName().equals("innerspan.content.captured"))
            .map(log -> log.attribute("innerspan.content.text"))
            .toList();

    assertThat(run.bytes()).isNotEmpty().doesNotContain(SECRETS);
    if (run.name().startsWith("http")) {
      assertThat(texts)
          .contains("{\"note\":\"planted: card [card] of [email]\"}", "[\"ran 2, call [phone]\"]");
    } else {
      assertThat(texts).isEmpty();
      assertThat(run.bytes()).doesNotContain("planted");
    }
  }

  private static Run run(String name, String version, String content, String... arguments)
      throws Exception {
    List<String> plain;
    try (ChildJvm app = command(version, arguments, List.of()).start()) {
      app.awaitSuccess(PATIENCE);
      plain = app.lines(LogLine.Stream.OUT);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      receiver.onRequest(
          request -> {
            synchronized (bytes) {
              bytes.writeBytes(request);
            }
          });
      try (ChildJvm app = command(version, arguments, agent(receiver, content)).start()) {
        app.awaitSuccess(PATIENCE);
        // The server may end after its client, whose end does not wait for it without end.
        receiver.awaitSpans(spans -> spans.stream().anyMatch(McpIT::isServersLast), PATIENCE);
        receiver.awaitMetrics(
            metrics ->
                metrics.stream()
                    .anyMatch(metric -> metric.name().equals("mcp.server.operation.duration")),
            PATIENCE);
        return new Run(
            name,
            plain,
            app.lines(LogLine.Stream.OUT),
            receiver.spans(),
            receiver.logs(),
            receiver.metrics().stream().map(metric -> metric.name()).distinct().toList(),
            bytes.toString(StandardCharsets.ISO_8859_1));
      }
    }
  }

  /** Of the calls that a server answers; spans of one process arrive in the order of their ends. */
  private static boolean isServersLast(ReceivedSpan span) {
    return span.kind() == SpanKind.SPAN_KIND_SERVER && span.name().equals("tools/call throw");
  }

  private static List<String> agent(OtlpReceiver receiver, String content) {
    return List.of(
        "-javaagent:" + System.getProperty("innerspan.agent"),
        "-Dotel.exporter.otlp.endpoint=" + receiver.grpcEndpoint(),
        "-Dotel.exporter.otlp.protocol=grpc",
        "-Dotel.service.name=test",
        "-Dotel.bsp.schedule.delay=100",
        "-Dotel.blrp.schedule.delay=100",
        "-Dotel.metric.export.interval=500",
        "-Dotel.instrumentation.innerspan.content=" + content);
  }

  /** Over stdio the client starts the server, with the same agent. */
  private static JvmCommand command(String version, String[] arguments, List<String> agent)
      throws Exception {
    String classPath = classPath(version);
    JvmCommand command = JvmCommand.of(APP).shortLived().classPath(classPath);
    agent.forEach(command::jvmArgument);
    if (arguments[0].equals("http")) {
      return command.arguments(arguments);
    }
    List<String> server = new ArrayList<>();
    server.add("stdio");
    server.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    server.addAll(agent);
    server.addAll(List.of("-cp", classPath, APP, "serve", arguments[1]));
    return command.arguments(server.toArray(String[]::new));
  }

  private static String classPath(String version) throws Exception {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      String name = Path.of(entry).getFileName().toString();
      boolean library =
          name.endsWith(".jar") && NOT_THE_APPLICATIONS.stream().noneMatch(name::contains);
      boolean ofTheSdk = name.contains("reactor") || name.contains("jackson");
      if ((library && !ofTheSdk) || name.equals("test-classes")) {
        entries.add(entry);
      }
    }
    try (Stream<Path> jars = Files.list(Path.of(System.getProperty("innerspan.mcp"), version))) {
      jars.map(Path::toString).forEach(entries::add);
    }
    return String.join(File.pathSeparator, entries);
  }
}
