package io.innerspan.examples.quickstart.driver;

import io.innerspan.testing.OtlpReceiver;
import io.innerspan.testing.ReceivedSpan;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run: receiver, service, requests, report, and a clean end. */
final class Session {
  private static final Duration SPANS = Duration.ofMinutes(2);
  private static final String WARM_UP = "The first text loads the model.";

  private final Installation installation;
  private final Report report;
  private final Consumer<String> progress;
  private int withoutInference;
  private int withoutScore;

  /**
   * @param progress takes lines about what is going on
   */
  Session(Installation installation, Report report, Consumer<String> progress) {
    this.installation = installation;
    this.report = report;
    this.progress = progress;
  }

  /**
   * Sends the texts and reports their traces; the service has ended when this returns or throws.
   *
   * @throws Failure when the service fails, or spans or scores are missing
   */
  void run(List<String> texts) {
    String noReadings;
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      try (ServiceProcess service = ServiceProcess.start(installation, receiver.grpcEndpoint())) {
        try {
          noReadings = use(service, receiver, texts);
        } catch (RuntimeException | AssertionError e) {
          service.lastLines().forEach(line -> progress.accept("  | " + line));
          throw e;
        }
      }
      report.ended(receiver);
    }
    if (noReadings != null) {
      throw Failure.run("no scores: " + noReadings);
    }
    if (withoutInference > 0) {
      throw Failure.run(withoutInference + " traces without an inference span");
    }
    if (withoutScore > 0) {
      throw Failure.run(withoutScore + " inference spans without a score");
    }
  }

  /** Gives why there were no readings, or null. */
  private @Nullable String use(ServiceProcess service, OtlpReceiver receiver, List<String> texts) {
    progress.accept("starting the service");
    ServiceClient client = new ServiceClient(service.awaitAddress(), installation.example().path());
    client.send(WARM_UP);
    progress.accept("waiting until the agent has proven its readings on this model");
    String noReadings = service.awaitReadings();
    if (noReadings != null) {
      progress.accept("no readings; the service's log:");
      service.lastLines().forEach(line -> progress.accept("  | " + line));
    }
    report.started(client.address(), service.pid());
    for (String text : texts) {
      show(client.send(text), receiver);
    }
    return noReadings;
  }

  private void show(SentText sent, OtlpReceiver receiver) {
    // The server's span ends last, and spans arrive in the order of their ends.
    List<ReceivedSpan> spans =
        receiver
            .awaitSpans(received -> received.stream().anyMatch(span -> isServer(span, sent)), SPANS)
            .stream()
            .filter(span -> span.traceId().equals(sent.traceId()))
            .toList();
    List<InferenceSpan> inferences = InferenceSpan.among(spans);
    withoutInference += inferences.isEmpty() ? 1 : 0;
    withoutScore += (int) inferences.stream().filter(i -> i.probes().isEmpty()).count();
    report.trace(sent, spans);
  }

  private static boolean isServer(ReceivedSpan span, SentText sent) {
    return span.kind() == SpanKind.SPAN_KIND_SERVER && span.traceId().equals(sent.traceId());
  }
}
