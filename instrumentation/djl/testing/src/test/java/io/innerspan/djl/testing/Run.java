package io.innerspan.djl.testing;

import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.JvmCommand;
import io.innerspan.testing.LogLine;
import io.innerspan.testing.OtlpReceiver;
import io.innerspan.testing.ReceivedMetric;
import io.innerspan.testing.ReceivedSpan;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What an application printed without the agent and with it, and the telemetry it gave. */
record Run(
    List<String> plain,
    List<String> observed,
    List<String> log,
    List<ReceivedSpan> spans,
    List<ReceivedMetric> metrics) {
  private static final String READINGS_ON = "readings on";

  /** Runs an application to its end, with the agent and without. */
  static Run of(Djl djl, String application, String... arguments) {
    return observed(djl, plain(djl, application, arguments), application, "", arguments);
  }

  /** What an application prints without the agent. */
  static List<String> plain(Djl djl, String application, String... arguments) {
    try (ChildJvm app = djl.application(application).arguments(arguments).start()) {
      return output(app, 0);
    }
  }

  /**
   * Runs an application to its end with the agent and the phases of predictions.
   *
   * @param plain what it prints without
   * @param packs where packs lie, or empty
   */
  static Run observed(
      Djl djl, List<String> plain, String application, String packs, String... arguments) {
    return observed(
        djl, plain, application, 0, Map.of("packs", packs, "phases", "true"), arguments);
  }

  /** Runs an application with the agent and with packs; of its many predictions few have spans. */
  static Run ofMany(
      Djl djl, List<String> plain, String application, String packs, String... arguments) {
    return observed(djl, plain, application, 0, Map.of("packs", packs), arguments);
  }

  /**
   * Runs an application that reads a line before it goes on, with the agent and without.
   *
   * @param sessions how many must give readings before it gets the line
   * @param settings those of Innerspan
   */
  static Run awaitingReadings(
      Djl djl,
      String application,
      int sessions,
      Map<String, String> settings,
      String... arguments) {
    return observed(
        djl, plain(djl, application, arguments), application, sessions, settings, arguments);
  }

  private static Run observed(
      Djl djl,
      List<String> plain,
      String application,
      int sessions,
      Map<String, String> settings,
      String... arguments) {
    boolean many = !settings.containsKey("phases");
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      JvmCommand command =
          djl.observed(application, receiver)
              .property("otel.traces.sampler", "parentbased_traceidratio")
              .property("otel.traces.sampler.arg", many ? "0.01" : "1");
      for (Map.Entry<String, String> setting : settings.entrySet()) {
        command =
            command.property(
                "otel.instrumentation.innerspan." + setting.getKey(), setting.getValue());
      }
      try (ChildJvm app = command.arguments(arguments).start()) {
        List<String> observed = output(app, sessions);
        return new Run(
            plain, observed, app.lines(LogLine.Stream.ERR), receiver.spans(), receiver.metrics());
      }
    }
  }

  private static List<String> output(ChildJvm app, int sessions) {
    if (sessions > 0) {
      app.awaitLine(
          READINGS_ON + " for " + sessions, line -> readings(app) >= sessions, Djl.PATIENCE);
    }
    app.closeInput();
    app.awaitSuccess(Djl.PATIENCE);
    return app.lines(LogLine.Stream.OUT);
  }

  private static long readings(ChildJvm app) {
    return app.log().stream().filter(line -> line.text().contains(READINGS_ON)).count();
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

  /** What a counter says in the end of all its points with some values of attributes. */
  long count(String metric, String... values) {
    return metrics.stream()
        .filter(found -> found.name().equals(metric))
        .reduce((first, last) -> last)
        .map(ReceivedMetric::numberPoints)
        .orElse(List.of())
        .stream()
        .filter(point -> values(point).containsAll(List.of(values)))
        .mapToLong(NumberDataPoint::getAsInt)
        .sum();
  }

  private static List<String> values(NumberDataPoint point) {
    return point.getAttributesList().stream()
        .map(attribute -> attribute.getValue().getStringValue())
        .toList();
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
