package io.innerspan.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.JvmCommand;
import io.innerspan.testing.LogLine;
import io.innerspan.testing.OtlpReceiver;
import io.innerspan.testing.ReceivedLog;
import io.innerspan.testing.ReceivedSpan;
import io.innerspan.testing.models.TransformerFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A signal that costs more than the model: what the governor does with it arrives over OTLP. */
class GovernorIT {
  private static final String APP = "io.innerspan.agent.app.LeakApp";
  private static final String SIGNAL = "features";
  private static final String PROBE = "small";
  private static final String PROBE_SCORE = "innerspan.probe." + PROBE + ".score";

  /** With those by which the application begins. */
  private static final int INFERENCES = 12_000 + 6_000;

  @TempDir static Path folder;
  private static Path model;

  @BeforeAll
  static void makePack() throws Exception {
    model = Files.write(folder.resolve("small.onnx"), TransformerFixture.postNorm().bytes());
    FixturePack.write(
        folder.resolve("packs"), PROBE, model, List.of(FixturePack.features(SIGNAL, 4_096)));
  }

  @Test
  void signal_overTheBudget_isShedAndRestored_withACounterAndEvents() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      run(
          Product.observed(APP, "1.29.0", receiver)
              .property("otel.traces.exporter", "none")
              .property("otel.instrumentation.innerspan.sampling-rate", "0.1")
              .property("otel.instrumentation.innerspan.sampling-budget", "0.0001"));
      List<ReceivedLog> events =
          receiver.logs().stream()
              .filter(event -> event.eventName().startsWith("innerspan.signal."))
              .toList();
      List<ReceivedLog> sheddings = events.stream().filter(GovernorIT::isForTheBudget).toList();
      assertThat(sheddings).isNotEmpty();
      ReceivedLog shed = sheddings.get(0);
      assertThat(shed.attribute("innerspan.signal.ids")).isEqualTo(List.of(SIGNAL));
      assertThat(shed.attribute("innerspan.signal.sampling_rate")).isEqualTo(0.0005);
      assertThat(events.subList(events.indexOf(shed), events.size()))
          .filteredOn(event -> event.eventName().equals("innerspan.signal.restored"))
          .isNotEmpty()
          .allSatisfy(
              event ->
                  assertThat(event.attribute("innerspan.signal.ids")).isEqualTo(List.of(SIGNAL)));
      assertThat(receiver.metrics())
          .filteredOn(metric -> metric.name().equals("innerspan.signal.shedding"))
          .last()
          .satisfies(
              metric ->
                  assertThat(metric.numberPoints())
                      .filteredOn(point -> point.toString().contains("budget"))
                      .singleElement()
                      .satisfies(
                          point ->
                              assertThat(point.getAsInt())
                                  .as("%s", events)
                                  .isEqualTo(sheddings.size())));
      assertThat(receiver.metrics()).anyMatch(m -> m.name().equals("innerspan.signal.cost"));
    }
  }

  @Test
  void probe_overTheBudget_isSampledIfTheBudgetIsStrict() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      run(
          Product.observed(APP, "1.29.0", receiver)
              .property("otel.bsp.max.queue.size", "32768")
              .property("otel.instrumentation.innerspan.sampling-rate", "0.01")
              .property("otel.instrumentation.innerspan.sampling-strict", "true"));
      assertThat(receiver.logs())
          .filteredOn(GovernorIT::isForTheBudget)
          .filteredOn(event -> event.attribute("innerspan.signal.ids").equals(List.of(PROBE)))
          .first()
          .satisfies(
              event ->
                  assertThat(event.attribute("innerspan.signal.sampling_rate")).isEqualTo(0.01));
      assertThat(inferencesWith(PROBE_SCORE, receiver))
          .isBetween(INFERENCES / 200L, INFERENCES / 2L);
    }
  }

  @Test
  void signal_atTheDefaultRate_isComputedForFewInferences_andNeverForNone() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      run(Product.observed(APP, "1.29.0", receiver).property("otel.bsp.max.queue.size", "32768"));
      assertThat(inferencesWith("innerspan.reading.sampled_signals", receiver))
          .isBetween((long) INFERENCES / 2_000, (long) INFERENCES / 100);
      // All but those before readings were on.
      assertThat(inferencesWith(PROBE_SCORE, receiver)).isGreaterThan(INFERENCES - 100L);
    }
  }

  private static long inferencesWith(String attribute, OtlpReceiver receiver) {
    List<ReceivedSpan> spans =
        receiver.spans().stream().filter(span -> span.name().startsWith("inference")).toList();
    assertThat(spans).hasSize(INFERENCES);
    return spans.stream().filter(span -> span.attribute(attribute) != null).count();
  }

  /** Collections that the application asks for may shut gates too. */
  private static boolean isForTheBudget(ReceivedLog event) {
    return event.eventName().equals("innerspan.signal.shed")
        && "budget".equals(event.attribute("innerspan.shedding.reason"));
  }

  private static void run(JvmCommand command) {
    try (ChildJvm app =
        command
            .property("otel.instrumentation.innerspan.packs", folder.resolve("packs").toString())
            .arguments(model.toString(), "runs", "12000")
            .start()) {
      app.awaitLine(Product.READINGS_ON, Product.PATIENCE);
      app.send("go");
      app.awaitSuccess(Product.PATIENCE);
      assertThat(app.lines(LogLine.Stream.OUT)).contains("done");
    }
  }
}
