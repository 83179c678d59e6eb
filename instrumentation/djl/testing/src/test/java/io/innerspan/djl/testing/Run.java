package io.innerspan.djl.testing;

import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.LogLine;
import io.innerspan.testing.OtlpReceiver;
import io.innerspan.testing.ReceivedMetric;
import io.innerspan.testing.ReceivedSpan;
import java.util.Comparator;
import java.util.List;

/** What an application printed without the agent and with it, and the telemetry it gave. */
record Run(
    List<String> plain,
    List<String> observed,
    List<String> log,
    List<ReceivedSpan> spans,
    List<ReceivedMetric> metrics) {

  /** Runs an application to its end, with the agent and without. */
  static Run of(Djl djl, String application, String... arguments) {
    return observed(djl, plain(djl, application, arguments), application, "", arguments);
  }

  /**
   * Likewise one that opens two sessions and reads a line before it goes on: once both give
   * readings.
   */
  static Run awaitingReadings(Djl djl, String application, String packs, String... arguments) {
    List<String> plain = plain(djl, application, arguments);
    return observed(djl, plain, application, packs, "readings on", "true", arguments);
  }

  /** What an application prints without the agent. */
  static List<String> plain(Djl djl, String application, String... arguments) {
    try (ChildJvm app = djl.application(application).arguments(arguments).start()) {
      return output(app, "");
    }
  }

  /**
   * Runs an application to its end with the agent.
   *
   * @param plain what it prints without
   * @param packs where packs lie, or empty
   */
  static Run observed(
      Djl djl, List<String> plain, String application, String packs, String... arguments) {
    return observed(djl, plain, application, packs, "", "true", arguments);
  }

  /** Likewise of many predictions, of which few have spans, without phases. */
  static Run ofMany(
      Djl djl, List<String> plain, String application, String packs, String... arguments) {
    return observed(djl, plain, application, packs, "", "false", arguments);
  }

  private static Run observed(
      Djl djl,
      List<String> plain,
      String application,
      String packs,
      String ready,
      String phases,
      String... arguments) {
    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app =
            djl.observed(application, receiver)
                .property("otel.instrumentation.innerspan.packs", packs)
                .property("otel.instrumentation.innerspan.phases", phases)
                .property("otel.traces.sampler", "parentbased_traceidratio")
                .property("otel.traces.sampler.arg", phases.equals("true") ? "1" : "0.01")
                .arguments(arguments)
                .start()) {
      List<String> observed = output(app, ready);
      return new Run(
          plain, observed, app.lines(LogLine.Stream.ERR), receiver.spans(), receiver.metrics());
    }
  }

  private static List<String> output(ChildJvm app, String ready) {
    if (!ready.isEmpty()) {
      app.awaitLine("open", Djl.PATIENCE);
      app.awaitLine("twice " + ready, line -> times(app, ready) >= 2, Djl.PATIENCE);
      app.send("go");
    }
    app.closeInput();
    app.awaitSuccess(Djl.PATIENCE);
    return app.lines(LogLine.Stream.OUT);
  }

  private static long times(ChildJvm app, String text) {
    return app.log().stream().filter(line -> line.text().contains(text)).count();
  }

  /** The spans of one name, in the order of their beginning. */
  List<ReceivedSpan> spans(String name) {
    return spans.stream()
        .filter(span -> span.name().equals(name))
        .sorted(Comparator.comparing(span -> span.proto().getStartTimeUnixNano()))
        .toList();
  }

  /** The only span of a name. */
  ReceivedSpan span(String name) {
    List<ReceivedSpan> found = spans(name);
    if (found.size() != 1) {
      throw new AssertionError(
          "expected 1 span " + name + ", found " + found.size() + ": " + spans);
    }
    return found.get(0);
  }

  /** The names of a span's children, in the order of their beginning. */
  List<String> children(ReceivedSpan parent) {
    return spans.stream()
        .filter(span -> span.parentSpanId().equals(parent.spanId()))
        .sorted(Comparator.comparing(span -> span.proto().getStartTimeUnixNano()))
        .map(ReceivedSpan::name)
        .toList();
  }
}
