package io.innerspan.examples.signals;

import io.innerspan.examples.quickstart.driver.Failure;
import io.innerspan.testing.AwaitError;
import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.JvmCommand;
import io.innerspan.testing.LogLine;
import io.innerspan.testing.OtlpReceiver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Runs the service under the agent and gathers what it sends. */
final class ServiceRun {
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  /** Every second sample opens all gates, the others one. */
  private static final int REQUESTS = 4;

  private static final int SHOWN_LOG_LINES = 40;

  /** What the agent's log says when it gives up on readings. */
  private static final List<String> NO_READINGS =
      List.of(
          "Innerspan is off",
          ": no packs",
          "runs without a graft",
          "gives no reading on",
          "is not read on");

  private final Path agent;
  private final Path service;
  private final Path packs;
  private final Consumer<String> progress;

  ServiceRun(Path agent, Path service, Path packs, Consumer<String> progress) {
    this.agent = agent;
    this.service = service;
    this.packs = packs;
    this.progress = progress;
  }

  /** The outcome of each model; the service has ended when this returns or throws. */
  List<Outcome> of(List<Showcase> showcases) {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      try (ChildJvm child = start(receiver, showcases)) {
        try {
          use(child, showcases);
        } catch (AwaitError | Failure e) {
          List<LogLine> log = child.log();
          log.subList(Math.max(0, log.size() - SHOWN_LOG_LINES), log.size())
              .forEach(line -> progress.accept("  | " + line.text()));
          throw e;
        }
      }
      return showcases.stream()
          .map(each -> Outcome.of(each, receiver.spans(), receiver.metrics()))
          .toList();
    }
  }

  private ChildJvm start(OtlpReceiver receiver, List<Showcase> showcases) {
    String[] files =
        showcases.stream()
            .filter(each -> each.request().startsWith("tokens "))
            .map(each -> each.file().toString())
            .toArray(String[]::new);
    return JvmCommand.of("io.innerspan.examples.signals.service.ModelsService")
        .classPath(List.of(service))
        .agent(agent)
        .property("otel.instrumentation.innerspan.packs", packs.toString())
        // Dear signals for every inference: a service would leave these two alone.
        .property("otel.instrumentation.innerspan.sampling-rate", "1")
        .property("otel.instrumentation.innerspan.sampling-budget", "1")
        .property("otel.service.name", "models-service")
        .property("otel.exporter.otlp.protocol", "grpc")
        .property("otel.exporter.otlp.endpoint", receiver.grpcEndpoint())
        // The tokenizer's library would otherwise report its use to its makers.
        .environment("OPT_OUT_TRACKING", "true")
        .arguments(files)
        .start();
  }

  private void use(ChildJvm child, List<Showcase> showcases) {
    child.awaitLine("open", PATIENCE);
    progress.accept("waiting until the agent has proven its readings on each model");
    for (Showcase showcase : showcases) {
      LogLine line =
          child.awaitLine(
              "readings on " + showcase.file().getFileName(),
              each -> isReady(each, showcase) || isRefusal(each),
              PATIENCE);
      if (!isReady(line, showcase)) {
        throw Failure.run(line.text().replaceFirst("^\\[otel\\.javaagent .*? - ", ""));
      }
    }
    int ran = 0;
    for (int i = 0; i < REQUESTS; i++) {
      for (Showcase showcase : showcases) {
        child.send(showcase.request());
        ran++;
      }
    }
    child.closeInput();
    child.awaitSuccess(PATIENCE);
    progress.accept(ran + " inferences");
  }

  private static boolean isReady(LogLine line, Showcase showcase) {
    return line.text().contains("readings on") && line.text().contains(showcase.sha256());
  }

  private static boolean isRefusal(LogLine line) {
    return NO_READINGS.stream().anyMatch(line.text()::contains);
  }
}
