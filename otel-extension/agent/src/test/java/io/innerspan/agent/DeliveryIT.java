package io.innerspan.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.JvmCommand;
import io.innerspan.testing.LogLine;
import io.innerspan.testing.OtlpReceiver;
import io.innerspan.testing.OutageProxy;
import io.innerspan.testing.ReceivedLog;
import io.innerspan.testing.ReceivedSpan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an application emits while its receiver is away, or worse, arrives afterwards. */
class DeliveryIT {
  private static final String APP = "io.innerspan.agent.app.DeliveryApp";

  /** How receivers fail. */
  private enum Fault {
    AWAY(OutageProxy::away),
    HANGING(OutageProxy::hang),
    BUSY(proxy -> proxy.answer(429)),
    UNAVAILABLE(proxy -> proxy.answer(503)),
    GARBAGE(OutageProxy::garbage);

    private final Consumer<OutageProxy> begin;

    Fault(Consumer<OutageProxy> begin) {
      this.begin = begin;
    }
  }

  @TempDir Path temporary;
  private OtlpReceiver receiver;

  @BeforeEach
  void start() {
    receiver = OtlpReceiver.start();
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  private Path directory() {
    return temporary.resolve("delivery");
  }

  private JvmCommand app(String endpoint, String protocol) {
    return plain(endpoint, protocol)
        .property("otel.instrumentation.innerspan.delivery-directory", directory().toString());
  }

  /** Without a folder for delivery. */
  private static JvmCommand plain(String endpoint, String protocol) {
    List<Path> classPath = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(java.io.File.pathSeparator)) {
      String name = Path.of(entry).getFileName().toString();
      if (name.equals("test-classes")
          || name.matches("opentelemetry-(api|context|common)-[0-9.]+\\.jar")) {
        classPath.add(Path.of(entry));
      }
    }
    return JvmCommand.of(APP)
        .shortLived()
        .classPath(classPath)
        .agent(Product.agent())
        .withoutOtherInstrumentations()
        .property("otel.exporter.otlp.endpoint", endpoint)
        .property("otel.exporter.otlp.protocol", protocol)
        .property("otel.exporter.otlp.timeout", "2000")
        .property("otel.service.name", "test")
        .property("otel.bsp.schedule.delay", "100")
        .property("otel.blrp.schedule.delay", "100")
        .property("otel.metric.export.interval", "500");
  }

  @Test
  void outages_ofAnyKind_everythingArrivesInOrderAfterwards() throws Exception {
    try (OutageProxy proxy = OutageProxy.to(receiver.httpEndpoint());
        ChildJvm app = app(proxy.endpoint(), "http/protobuf").start()) {
      app.awaitLine("open", Product.PATIENCE);
      app.send("span before");
      receiver.awaitSpans(spans -> names(spans).contains("before"), Product.PATIENCE);
      List<String> emitted = new ArrayList<>();
      for (Fault fault : Fault.values()) {
        fault.begin.accept(proxy);
        for (int i = 0; i < 20; i++) {
          String name = fault.name() + i;
          emitted.add(name);
          app.send("span " + name);
          app.send("finding " + name);
          app.awaitLine("did finding " + name, Product.PATIENCE);
        }
        awaitFile("finding");
        awaitFile("span");
        proxy.forward();

        receiver.awaitSpans(spans -> names(spans).containsAll(emitted), Product.PATIENCE);
        List<ReceivedLog> logs =
            receiver.awaitLogs(all -> findings(all).containsAll(emitted), Product.PATIENCE);
        assertThat(findings(logs).stream().distinct())
            .as(fault.name())
            .containsExactlyElementsOf(emitted);
        assertThat(names(receiver.spans()).stream().distinct().filter(n -> !n.equals("before")))
            .as(fault.name())
            .containsExactlyElementsOf(emitted);
        await(() -> files(named("finding")).isEmpty() && files(named("span")).isEmpty());
      }
      awaitLastMetric(app);
      app.closeInput();
      app.awaitSuccess(Product.PATIENCE);
    }
    assertThat(files(f -> true)).as("nothing is left behind").isEmpty();
  }

  @Test
  void outage_overGrpc_everythingArrivesAfterwards() throws Exception {
    try (OutageProxy proxy = OutageProxy.to(receiver.grpcEndpoint());
        ChildJvm app = app(proxy.endpoint(), "grpc").start()) {
      app.awaitLine("open", Product.PATIENCE);
      proxy.away();
      for (int i = 0; i < 5; i++) {
        app.send("span " + i);
        app.send("log " + i);
      }
      awaitFile("span");
      awaitFile("log");
      proxy.forward();

      receiver.awaitSpans(spans -> names(spans).containsAll(numbers(5)), Product.PATIENCE);
      receiver.awaitLogs(
          logs -> logs.stream().map(l -> l.body().toString()).toList().containsAll(numbers(5)),
          Product.PATIENCE);
      receiver.awaitMetrics(
          metrics -> metrics.stream().anyMatch(m -> m.name().equals("innerspan.delivery.waiting")),
          Product.PATIENCE);
    }
  }

  @Test
  void receiverThere_nothingIsLeftBehind() throws Exception {
    String variable = "OTEL_INSTRUMENTATION_INNERSPAN_DELIVERY_DIRECTORY";
    try (ChildJvm app =
        plain(receiver.httpEndpoint(), "http/protobuf")
            .environment(variable, directory().toString())
            .start()) {
      app.awaitLine("is kept in " + directory(), Product.PATIENCE);
      app.awaitLine("open", Product.PATIENCE);
      app.send("span a");
      app.send("log a");
      receiver.awaitSpans(spans -> names(spans).contains("a"), Product.PATIENCE);
      receiver.awaitLogs(logs -> !logs.isEmpty(), Product.PATIENCE);
      awaitLastMetric(app);
      app.closeInput();
      app.awaitSuccess(Product.PATIENCE);
    }
    assertThat(files(f -> true)).isEmpty();
  }

  @Test
  void jvmEnds_nextOneDeliversWhatItLeft() throws Exception {
    try (Socket nobody = new Socket()) {
      nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)); // And no listening.
      String refused = "http://127.0.0.1:" + nobody.getLocalPort();
      try (ChildJvm ended = app(refused, "http/protobuf").start()) {
        ended.awaitLine("open", Product.PATIENCE);
        ended.send("span orderly");
        ended.send("finding 1");
        ended.closeInput();
        ended.awaitSuccess(Product.PATIENCE);
      }
      assertThat(files(named("span"))).isNotEmpty();
      assertThat(files(named("finding"))).hasSize(1);
      try (ChildJvm killed = app(refused, "http/protobuf").start()) {
        killed.awaitLine("open", Product.PATIENCE);
        killed.send("finding 2");
        await(() -> files(named("finding")).size() == 2);
        killed.send("halt");
        assertThat(killed.awaitExit(Product.PATIENCE)).isEqualTo(9);
      }
    }
    try (ChildJvm next = app(receiver.httpEndpoint(), "http/protobuf").start()) {
      next.awaitLine("open", Product.PATIENCE);
      receiver.awaitSpans(spans -> names(spans).contains("orderly"), Product.PATIENCE);
      receiver.awaitLogs(all -> findings(all).containsAll(List.of("1", "2")), Product.PATIENCE);
      awaitLastMetric(next);
      next.closeInput();
      next.awaitSuccess(Product.PATIENCE);
    }
    assertThat(files(f -> true)).as("nothing is left behind").isEmpty();
  }

  @Test
  void twoJvms_onOneFolder_doNotTouchEachOther() throws Exception {
    try (OutageProxy proxy = OutageProxy.to(receiver.httpEndpoint());
        ChildJvm one = app(proxy.endpoint(), "http/protobuf").start();
        ChildJvm two = app(proxy.endpoint(), "http/protobuf").start()) {
      one.awaitLine("open", Product.PATIENCE);
      two.awaitLine("open", Product.PATIENCE);
      proxy.away();
      for (int i = 0; i < 10; i++) {
        (i % 2 == 0 ? one : two).send("finding " + i);
      }
      await(() -> folders(named("finding")) == 2);
      proxy.forward();
      List<ReceivedLog> logs =
          receiver.awaitLogs(all -> findings(all).containsAll(numbers(10)), Product.PATIENCE);
      assertThat(findings(logs).stream().distinct()).hasSize(10);
    }
  }

  @Test
  void folderCannotBeWritten_oneLine_andTelemetryArrivesAllTheSame() throws Exception {
    Files.writeString(directory(), "a file, where a folder is expected");
    try (OutageProxy proxy = OutageProxy.to(receiver.httpEndpoint());
        ChildJvm app = app(proxy.endpoint(), "http/protobuf").start()) {
      app.awaitLine("open", Product.PATIENCE);
      proxy.away();
      app.send("finding 1");
      app.awaitLine("waits in memory only", Product.PATIENCE);
      proxy.forward();
      receiver.awaitLogs(all -> findings(all).contains("1"), Product.PATIENCE);
      app.closeInput();
      app.awaitSuccess(Product.PATIENCE);
      assertThat(app.lines(LogLine.Stream.ERR).stream().filter(l -> l.contains("in memory only")))
          .hasSize(1);
    }
  }

  @Test
  void refusedForGood_isCounted() throws Exception {
    try (OutageProxy proxy = OutageProxy.to(receiver.httpEndpoint());
        ChildJvm app = app(proxy.endpoint(), "http/protobuf").start()) {
      app.awaitLine("open", Product.PATIENCE);
      proxy.answer(400);
      app.send("span refused");
      app.awaitLine("of signal span on the way to the OTLP receiver: refused", Product.PATIENCE);
      proxy.forward();
      receiver.awaitMetrics(
          metrics -> metrics.stream().anyMatch(m -> m.name().equals("innerspan.delivery.dropped")),
          Product.PATIENCE);
      assertThat(names(receiver.spans())).doesNotContain("refused");
    }
  }

  @ParameterizedTest
  @CsvSource({"otlp_http, /v1/traces, /v1/metrics, /v1/logs", "otlp_grpc, '', '', ''"})
  void yaml_receiverAway_everythingArrivesAfterwards(
      String exporter, String traces, String metrics, String logs) throws Exception {
    boolean http = exporter.equals("otlp_http");
    try (OutageProxy proxy =
            OutageProxy.to(http ? receiver.httpEndpoint() : receiver.grpcEndpoint());
        ChildJvm app =
            configured(
                    """
                    tracer_provider:
                      processors:
                        - batch: {schedule_delay: 100, exporter: {%2$s: {endpoint: %1$s%3$s}}}
                    meter_provider:
                      readers:
                        - periodic: {interval: 500, exporter: {%2$s: {endpoint: %1$s%4$s}}}
                    logger_provider:
                      processors:
                        - batch: {schedule_delay: 100, exporter: {%2$s: {endpoint: %1$s%5$s}}}
                    """
                        .formatted(proxy.endpoint(), exporter, traces, metrics, logs))
                .start()) {
      app.awaitLine(": finding, log, metric, span", Product.PATIENCE);
      app.awaitLine("open", Product.PATIENCE);
      proxy.away();
      app.send("span a");
      app.send("log a");
      app.send("finding a");
      awaitFile("span");
      awaitFile("log");
      awaitFile("metric");
      proxy.forward();
      receiver.awaitSpans(spans -> names(spans).contains("a"), Product.PATIENCE);
      receiver.awaitLogs(all -> findings(all).contains("a"), Product.PATIENCE);
      receiver.awaitLogs(
          all -> all.stream().anyMatch(log -> "a".equals(log.body())), Product.PATIENCE);
      awaitLastMetric(app);
      app.closeInput();
      app.awaitSuccess(Product.PATIENCE);
    }
    assertThat(files(f -> true)).as("nothing is left behind").isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"otlp_http, /v1/traces", "otlp_grpc, ''"})
  void yaml_requestLargerThanTheExporterSends_isCountedAndTheNextArrives(
      String exporter, String path) throws Exception {
    boolean http = exporter.equals("otlp_http");
    String endpoint = http ? receiver.httpEndpoint() : receiver.grpcEndpoint();
    try (ChildJvm app =
        configured(
                """
                tracer_provider:
                  processors:
                    - batch:
                        schedule_delay: 100
                        exporter: {%s: {endpoint: %s, max_request_size: 4000}}
                """
                    .formatted(exporter, endpoint + path))
            .start()) {
      app.awaitLine("open", Product.PATIENCE);
      app.send("span " + "long".repeat(1500));
      app.awaitLine("of signal span on the way to the OTLP receiver: refused", Product.PATIENCE);
      app.send("span short");
      receiver.awaitSpans(spans -> names(spans).equals(List.of("short")), Product.PATIENCE);
    }
  }

  @Test
  void yaml_exporterOfAnotherKind_worksAsItDoesAlone() throws Exception {
    try (ChildJvm app =
        configured(
                """
                tracer_provider:
                  processors:
                    - simple: {exporter: {console: {}}}
                """)
            .start()) {
      app.awaitLine("Innerspan: nothing is kept in " + directory(), Product.PATIENCE);
      app.awaitLine("open", Product.PATIENCE);
      app.send("span lonely");
      app.awaitLine("'lonely'", Product.PATIENCE);
    }
  }

  /** Configured by a file, with a folder for delivery. */
  private JvmCommand configured(String exporters) throws IOException {
    String ours =
        """
        instrumentation/development:
          java:
            innerspan:
              delivery_directory: %s
        """;
    Path yaml = temporary.resolve("agent.yaml");
    Files.writeString(yaml, "file_format: \"1.2\"\n" + exporters + ours.formatted(directory()));
    return plain("http://127.0.0.1:9", "grpc").property("otel.config.file", yaml.toString());
  }

  /** Waits for a last metric: then all earlier ones have arrived too. */
  private void awaitLastMetric(ChildJvm app) {
    app.send("metric last");
    receiver.awaitMetrics(
        metrics -> metrics.stream().anyMatch(metric -> metric.name().equals("last")),
        Product.PATIENCE);
  }

  private static List<String> numbers(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }

  private static List<String> names(List<ReceivedSpan> spans) {
    return spans.stream().map(ReceivedSpan::name).toList();
  }

  private static List<String> findings(List<ReceivedLog> logs) {
    return logs.stream()
        .filter(log -> log.eventName().equals("innerspan.finding"))
        .map(log -> String.valueOf(log.attribute("innerspan.finding.id")))
        .toList();
  }

  private static Predicate<Path> named(String signal) {
    return file -> file.getFileName().toString().endsWith("." + signal);
  }

  private List<Path> files(Predicate<Path> wanted) throws IOException {
    if (!Files.isDirectory(directory())) {
      return List.of();
    }
    List<Path> files = new ArrayList<>();
    try (Stream<Path> folders = Files.list(directory())) {
      for (Path folder : folders.toList()) {
        try (Stream<Path> inside = Files.list(folder)) {
          inside.filter(wanted).forEach(files::add);
        } catch (java.nio.file.NoSuchFileException e) {
          // Deleted meanwhile.
        }
      }
    }
    return files;
  }

  private long folders(Predicate<Path> wanted) throws IOException {
    return files(wanted).stream().map(Path::getParent).distinct().count();
  }

  private void awaitFile(String signal) throws Exception {
    await(() -> !files(named(signal)).isEmpty());
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  /** Looks again whenever something changes in the folder's parent, and now and then. */
  private void await(Condition condition) throws Exception {
    long deadline = System.nanoTime() + Product.PATIENCE.toNanos();
    try (WatchService watch = temporary.getFileSystem().newWatchService()) {
      temporary.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      while (!condition.holds()) {
        assertThat(System.nanoTime()).as("in " + Duration.ofMinutes(3)).isLessThan(deadline);
        var key = watch.poll(50, TimeUnit.MILLISECONDS);
        if (key != null) {
          key.reset();
        }
      }
    }
  }
}
