package io.innerspan.examples.quickstart.driver;

import io.innerspan.testing.AwaitError;
import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.JvmCommand;
import io.innerspan.testing.LogLine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The service in a JVM of its own, under the agent. */
final class ServiceProcess implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(5);
  private static final Duration READINGS = Duration.ofMinutes(5);
  private static final String LISTENING = "listening on ";
  private static final String READINGS_ON = "readings on";

  /** What the agent's log says when it gives up on readings. */
  private static final List<String> NO_READINGS =
      List.of(
          "Innerspan is off",
          ": no packs",
          "matches no session",
          "runs without a graft",
          "runs without readings",
          "gives no reading on");

  private static final int SHOWN_LOG_LINES = 40;

  private final ChildJvm jvm;

  private ServiceProcess(ChildJvm jvm) {
    this.jvm = jvm;
  }

  /** Starts the service; its telemetry goes to the OTLP/gRPC endpoint. */
  static ServiceProcess start(Installation installation, String otlpEndpoint) {
    ExampleService example = installation.example();
    JvmCommand command =
        JvmCommand.of(example.mainClass())
            .classPath(List.of(installation.service()))
            .agent(installation.agent())
            .property("otel.instrumentation.innerspan.packs", installation.packs().toString())
            .property("otel.service.name", example.serviceName())
            .property("otel.exporter.otlp.protocol", "grpc")
            .property("otel.exporter.otlp.endpoint", otlpEndpoint)
            .property("otel.bsp.schedule.delay", "100")
            // The tokenizer's library would otherwise report its use to its makers.
            .environment("OPT_OUT_TRACKING", "true")
            .arguments(installation.arguments("0"));
    for (Map.Entry<String, String> property : example.properties().entrySet()) {
      command = command.property(property.getKey(), property.getValue());
    }
    return new ServiceProcess(command.start());
  }

  /** Waits until it serves and gives its address. */
  String awaitAddress() {
    String line = jvm.awaitLine(LISTENING, START).text();
    return line.substring(line.indexOf(LISTENING) + LISTENING.length());
  }

  /**
   * Waits until the agent says that it gives readings.
   *
   * @return null, or why there will be none
   */
  @Nullable String awaitReadings() {
    try {
      LogLine line = jvm.awaitLine("readings on", ServiceProcess::settlesReadings, READINGS);
      return line.text().contains(READINGS_ON) ? null : message(line.text());
    } catch (AwaitError e) {
      return "the agent does not say \"" + READINGS_ON + "\": " + e.summary();
    }
  }

  /** What the agent logged, without the time, thread and logger before it. */
  private static String message(String line) {
    return line.replaceFirst("^\\[otel\\.javaagent .*? - ", "");
  }

  private static boolean settlesReadings(LogLine line) {
    return line.text().contains(READINGS_ON)
        || NO_READINGS.stream().anyMatch(line.text()::contains);
  }

  long pid() {
    return jvm.pid();
  }

  /** The last lines that the service wrote. */
  List<String> lastLines() {
    List<LogLine> log = jvm.log();
    return log.subList(Math.max(0, log.size() - SHOWN_LOG_LINES), log.size()).stream()
        .map(LogLine::text)
        .toList();
  }

  /** Has the service end and send what telemetry it still holds. */
  @Override
  public void close() {
    jvm.close();
  }
}
