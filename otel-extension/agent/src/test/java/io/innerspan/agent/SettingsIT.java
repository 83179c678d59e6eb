package io.innerspan.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.JvmCommand;
import io.innerspan.testing.LogLine;
import io.innerspan.testing.OtlpReceiver;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings work alike as system property, environment variable and agent YAML. */
class SettingsIT {
  private static final String APP = "io.innerspan.agent.app.BatchApp";

  @TempDir static Path folder;

  @BeforeAll
  static void makePack() throws Exception {
    new SeededPack("seeded", 2).write(folder.resolve("packs").resolve("seeded"));
  }

  @Test
  void systemProperties_setEverything() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      runUntilScored(
          Product.amongOthers(APP, "1.20.0", receiver)
              .property("otel.instrumentation.innerspan.packs", packs())
              .property("otel.instrumentation.innerspan.spans", "false")
              .property("otel.instrumentation.innerspan.events", "false"),
          receiver);
      assertMetricsOnly(receiver);
    }
  }

  @Test
  void environment_setsEverything() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      runUntilScored(
          Product.amongOthers(APP, "1.20.0", receiver)
              .environment("OTEL_INSTRUMENTATION_INNERSPAN_PACKS", packs())
              .environment("OTEL_INSTRUMENTATION_INNERSPAN_SPANS", "false")
              .environment("OTEL_INSTRUMENTATION_INNERSPAN_EVENTS", "false"),
          receiver);
      assertMetricsOnly(receiver);
    }
  }

  @Test
  void yaml_setsEverything() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      Path yaml = folder.resolve("agent.yaml");
      Files.writeString(
          yaml,
          """
          file_format: "1.2"
          tracer_provider:
            processors:
              - batch:
                  schedule_delay: 100
                  exporter:
                    otlp_grpc:
                      endpoint: %1$s
          meter_provider:
            readers:
              - periodic:
                  interval: 500
                  exporter:
                    otlp_grpc:
                      endpoint: %1$s
          logger_provider:
            processors:
              - batch:
                  schedule_delay: 100
                  exporter:
                    otlp_grpc:
                      endpoint: %1$s
          instrumentation/development:
            java:
              innerspan:
                packs: %2$s
                spans: false
                events: false
          """
              .formatted(receiver.grpcEndpoint(), packs()));
      runUntilScored(
          Product.application(APP, "1.20.0")
              .agent(Product.agent())
              .property("otel.config.file", yaml.toString()),
          receiver);
      assertMetricsOnly(receiver);
    }
  }

  @Test
  void enabled_false_leavesEverythingAlone() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      ChildJvm app =
          run(
              Product.amongOthers(APP, "1.20.0", receiver)
                  .property("otel.instrumentation.innerspan.packs", packs())
                  .property("otel.instrumentation.innerspan.enabled", "false"),
              "open",
              () -> {});
      assertThat(app.lines(LogLine.Stream.ERR)).anyMatch(l -> l.contains("is off: it is disabled"));
      assertThat(receiver.spans()).isEmpty();
      assertThat(receiver.metrics()).noneMatch(m -> m.name().startsWith("innerspan."));
    }
  }

  @Test
  void plainExtension_onTheUpstreamAgent_doesTheSame() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      run(
          Product.application(APP, "1.20.0")
              .agent(Product.upstream())
              .property("otel.javaagent.extensions", Product.extension().toString())
              .property("otel.exporter.otlp.endpoint", receiver.grpcEndpoint())
              .property("otel.exporter.otlp.protocol", "grpc")
              .property("otel.bsp.schedule.delay", "100")
              .property("otel.instrumentation.innerspan.packs", packs()),
          Product.READINGS_ON,
          () -> {});
      assertThat(receiver.spans())
          .anyMatch(s -> s.attribute("innerspan.probe.seeded_0.score") != null);
    }
  }

  private static String packs() {
    return folder.resolve("packs").toString();
  }

  /** Ends the application once the scores have arrived: not every mode flushes metrics at exit. */
  private static void runUntilScored(JvmCommand command, OtlpReceiver receiver) {
    run(
        command,
        Product.READINGS_ON,
        () ->
            receiver.awaitMetrics(
                metrics -> metrics.stream().anyMatch(m -> m.name().equals("innerspan.probe.score")),
                Product.PATIENCE));
  }

  private static ChildJvm run(JvmCommand command, String ready, Runnable beforeTheEnd) {
    try (ChildJvm app = command.arguments(MiniLm.FILE.toString()).start()) {
      app.awaitLine(ready, Product.PATIENCE);
      app.send("101,2129,2079,102");
      beforeTheEnd.run();
      app.closeInput();
      app.awaitSuccess(Product.PATIENCE);
      return app;
    }
  }

  private static void assertMetricsOnly(OtlpReceiver receiver) {
    assertThat(receiver.spans()).noneMatch(s -> s.name().startsWith("inference"));
    assertThat(receiver.logs()).noneMatch(l -> l.eventName().startsWith("innerspan."));
    assertThat(receiver.metrics()).anyMatch(m -> m.name().equals("innerspan.probe.score"));
  }
}
