package io.innerspan.djl.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.djl.testing.app.Tokens;
import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.LogLine;
import io.innerspan.testing.OtlpReceiver;
import io.innerspan.testing.ReceivedLog;
import io.innerspan.testing.ReceivedMetric;
import io.innerspan.testing.ReceivedSpan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every prediction of models on DJL's PyTorch engine is explained. */
class SaliencyIT {
  private static final String APP = "io.innerspan.djl.testing.app.SaliencyApp";
  private static final String EVENT = "innerspan.saliency.explained";
  private static final int EXPLAINED = 4;

  @TempDir static Path folder;
  private static Map<Djl, Explained> runs;

  /** What an application printed without the agent and with it, and what was told of it. */
  private record Explained(
      List<String> plain,
      List<String> observed,
      List<String> log,
      List<ReceivedSpan> spans,
      List<ReceivedLog> events,
      List<ReceivedMetric> metrics) {
    ReceivedSpan span(String name) {
      return spans.stream().filter(span -> span.name().equals(name)).findFirst().orElseThrow();
    }

    ReceivedLog event(ReceivedSpan span) {
      List<ReceivedLog> found =
          events.stream().filter(event -> event.spanId().equals(span.spanId())).toList();
      assertThat(found).hasSize(1);
      assertThat(found.get(0).traceId()).isEqualTo(span.traceId());
      return found.get(0);
    }

    long missing(String reason) {
      return metrics.stream()
          .filter(metric -> metric.name().equals("innerspan.saliency.missing"))
          .reduce((first, last) -> last)
          .orElseThrow()
          .numberPoints()
          .stream()
          .filter(
              point ->
                  point.getAttributesList().stream()
                      .anyMatch(value -> value.getValue().getStringValue().equals(reason)))
          .mapToLong(point -> point.getAsInt())
          .sum();
    }
  }

  @BeforeAll
  static void runAll() throws Exception {
    Script.classifier(folder.resolve("tokens.pt"));
    Script.summer(folder.resolve("net.pt"), 0.5);
    runs = versions().collect(Collectors.toMap(Function.identity(), SaliencyIT::run));
  }

  static Stream<Djl> versions() {
    return Djl.with("pytorch-engine");
  }

  private static Explained run(Djl djl) {
    List<String> plain = Run.plain(djl, APP, folder.toString());
    Path directory = folder.resolve(djl.toString());
    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app =
            djl.observed(APP, receiver)
                .property("otel.blrp.schedule.delay", "100")
                .property("otel.instrumentation.innerspan.saliency-rate", "1")
                .property("otel.instrumentation.innerspan.saliency-directory", directory.toString())
                .arguments(folder.toString())
                .start()) {
      app.awaitLine("explained", Djl.PATIENCE);
      receiver.awaitLogs(logs -> events(logs).size() == EXPLAINED, Djl.PATIENCE);
      app.send("");
      app.awaitLine("closed", Djl.PATIENCE);
      app.send("");
      app.awaitLine("exhausted", Djl.PATIENCE);
      receiver.awaitMetrics(
          metrics ->
              metrics.stream()
                  .filter(metric -> metric.name().equals("innerspan.saliency.missing"))
                  .anyMatch(metric -> metric.proto().toString().contains("out_of_memory")),
          Djl.PATIENCE);
      app.send("");
      app.awaitSuccess(Djl.PATIENCE);
      // Those before may still have been on their way when memory ran out.
      assertThat(afterwards(receiver.spans()))
          .hasSize(3)
          .doesNotContainAnyElementsOf(
              events(receiver.logs()).stream().map(ReceivedLog::spanId).toList());
      return new Explained(
          plain,
          app.lines(LogLine.Stream.OUT),
          app.lines(LogLine.Stream.ERR),
          receiver.spans(),
          events(receiver.logs()),
          receiver.metrics());
    }
  }

  /** The inferences from that on for which there was no memory. */
  private static List<String> afterwards(List<ReceivedSpan> spans) {
    List<ReceivedSpan> inferences =
        spans.stream()
            .filter(span -> span.name().startsWith("inference "))
            .sorted(Comparator.comparing(span -> span.proto().getStartTimeUnixNano()))
            .toList();
    int first = 0;
    while (!inferences.get(first).name().equals("inference greedy")) {
      first++;
    }
    return inferences.subList(first, inferences.size()).stream().map(ReceivedSpan::spanId).toList();
  }

  private static List<ReceivedLog> events(List<ReceivedLog> logs) {
    return logs.stream().filter(log -> log.eventName().equals(EVENT)).toList();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void outputs_areTheSame(Djl djl) {
    assertThat(runs.get(djl).observed()).isEqualTo(runs.get(djl).plain());
    assertThat(runs.get(djl).plain()).hasSize(52);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void tokens_areExplainedFromTheirEmbedding(Djl djl) {
    Explained run = runs.get(djl);
    for (String model : List.of("tokens", "threads")) { // TorchScript, and blocks of Java.
      ReceivedLog event = run.event(run.span("inference " + model));

      assertThat(event.attribute("innerspan.saliency.method")).isEqualTo("integrated_gradients");
      assertThat(event.attribute("innerspan.saliency.baseline")).isEqualTo("padding");
      assertThat(event.attribute("innerspan.saliency.unit")).isEqualTo("token");
      assertThat(event.attribute("innerspan.saliency.part_count")).isEqualTo(5L);
      assertThat(list(event, "positions")).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L);
      assertThat((double) event.attribute("innerspan.saliency.completeness_error"))
          .as(model)
          .isLessThan(1e-3);
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void features_areExplainedExactly_inTorchScriptAndJava(Djl djl) {
    Explained run = runs.get(djl);
    for (String model : List.of("net", "imperative")) {
      ReceivedLog event = run.event(run.span("inference " + model));

      assertThat(event.attribute("innerspan.saliency.unit")).isEqualTo("feature");
      assertThat(event.attribute("innerspan.saliency.baseline")).isEqualTo("zero");
      assertThat(event.attribute("innerspan.saliency.part_count")).isEqualTo(6L);
      assertThat((double) event.attribute("innerspan.saliency.completeness_error"))
          .isLessThan(1e-5);
      // Both are linear: every value is weight times feature.
      float[][] row = Tokens.batch(1, 2, 2).get(0);
      int target = (int) (long) event.attribute("innerspan.saliency.class");
      List<Object> positions = list(event, "positions");
      List<Object> values = list(event, "values");
      for (int i = 0; i < positions.size(); i++) {
        int position = (int) (long) positions.get(i);
        float feature = row[position / 3][position % 3];
        double expected =
            model.equals("imperative") ? 1.5 * feature : position % 3 == target ? 0.5 * feature : 0;
        assertThat((double) values.get(i)).isCloseTo(expected, within(1e-5));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void whatIsNotExplained_isCounted_andSaidOnce(Djl djl) {
    Explained run = runs.get(djl);
    assertThat(run.missing("unsupported")).isEqualTo(1);
    assertThat(run.missing("out_of_memory")).isEqualTo(1);
    assertThat(run.missing("failed")).isZero();
    assertThat(run.log())
        .filteredOn(line -> line.contains("inferences of streamed are not explained: "))
        .hasSize(1);
    assertThat(run.log()).filteredOn(line -> line.contains("a fault at")).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void directory_holdsAllValues(Djl djl) throws Exception {
    List<String> lines =
        Files.readAllLines(folder.resolve(djl.toString()).resolve("saliency.jsonl"));

    assertThat(lines).hasSize(runs.get(djl).events().size());
    assertThat(lines.get(0)).startsWith("{\"trace_id\":\"").contains("\"values\":[");
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(ReceivedLog event, String name) {
    return new ArrayList<>((List<Object>) event.attributes().get("innerspan.saliency." + name));
  }
}
