package io.innerspan.recorder;

import static io.innerspan.recorder.Packs.NINE_TENTHS;
import static io.innerspan.recorder.Packs.ONE_TENTH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.signals.Signal;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CrossingEventsTest {
  private final Backend backend = new Backend();
  private final ModelTelemetry model = backend.model();

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void end_rowOverThreshold_raisesOneEventInTheSpansContext() {
    Packs.on(model, List.of(Packs.probe("injection", 0.8)));
    model.digest("ab12");
    model.start(3, -1).end(new float[] {0, 4, NINE_TENTHS, 4, ONE_TENTH, 4}, 3, null);

    LogRecordData event = onlyEvent();
    assertThat(event.getEventName()).isEqualTo("innerspan.probe.threshold_crossed");
    assertThat(event.getSeverity()).isEqualTo(Severity.WARN);
    assertThat(event.getBodyValue()).isNull();
    assertThat(event.getSpanContext()).isEqualTo(backend.onlySpan().getSpanContext());
    double score = score(event);
    assertThat(score).isCloseTo(0.9, within(1e-6));
    assertThat(event.getAttributes())
        .isEqualTo(
            Attributes.builder()
                .put("event.name", "innerspan.probe.threshold_crossed")
                .put("innerspan.model.name", "minilm")
                .put("artifact.hash", "sha256:ab12")
                .put("innerspan.batch.size", 3)
                .put("innerspan.batch.row", 1)
                .put("innerspan.probe.id", "injection")
                .put("innerspan.probe.score", score)
                .put("innerspan.probe.threshold", 0.8)
                .put("innerspan.probe.label", "yes")
                .put(Keys.PACK, List.of("guard@1.2.0"))
                .put("innerspan.pack_hash", "sha256:" + Packs.DIGEST)
                .put("security_rule.name", "injection")
                .put("security_rule.ruleset.name", "guard")
                .put("security_rule.version", "1.2.0")
                .build());
    assertThat(crossings("injection")).isEqualTo(1);
  }

  @Test
  void end_scoreEqualToThreshold_crosses() {
    Packs.on(model, List.of(Packs.probe("half", 0.5)));
    model.start(1, -1).end(new float[] {0, 1}, 1, null);

    assertThat(onlyEvent().getAttributes().get(Keys.PROBE_SCORE)).isEqualTo(0.5);
    assertThat(backend.onlySpan().getAttributes().get(Keys.probeLabel("half"))).isEqualTo("yes");
  }

  @Test
  void end_probeWithoutThreshold_raisesNothing() {
    Packs.on(model, List.of(Packs.probe("topic", null)));
    model.start(1, -1).end(new float[] {30, 1}, 1, null);

    assertThat(backend.events()).isEmpty();
    assertThat(crossings("topic")).isZero();
  }

  @Test
  void end_eventsOff_onlyCounts() {
    try (Backend silent =
        new Backend(new RecorderSettings(true, true, false), Sampler.alwaysOn())) {
      ModelTelemetry quiet = silent.model();
      Packs.on(quiet, List.of(Packs.probe("injection", 0.8)));
      quiet.start(1, -1).end(new float[] {NINE_TENTHS, 5}, 1, null);

      assertThat(silent.events()).isEmpty();
      assertThat(silent.metric("innerspan.probe.threshold_crossing")).isNotNull();
    }
  }

  @Test
  void end_moreCrossingsThanEvents_reportsTheHighestAndCountsTheRest() {
    Packs.on(model, List.of(Packs.probe("injection", 0.5)));
    int rows = 100;
    float[] reading = new float[rows * 2];
    for (int row = 0; row < rows; row++) {
      // Neither ascending nor descending, and no two alike.
      reading[2 * row] = 0.01f * ((row * 37) % rows);
      reading[2 * row + 1] = 3;
    }
    model.start(rows, -1).end(reading, rows, null);

    List<LogRecordData> events = backend.events();
    assertThat(events).hasSize(16);
    assertThat(events)
        .extracting(event -> event.getAttributes().get(Keys.BATCH_ROW) * 37 % rows)
        .containsExactly(
            99L, 98L, 97L, 96L, 95L, 94L, 93L, 92L, 91L, 90L, 89L, 88L, 87L, 86L, 85L, 84L);
    assertThat(events)
        .extracting(event -> event.getAttributes().get(Keys.OMITTED_CROSSINGS))
        .endsWith(null, 84L)
        .containsOnlyOnce(84L);
    assertThat(crossings("injection")).isEqualTo(100);
  }

  @Test
  void end_loudAndQuietProbe_bothHaveAnEvent() {
    List<Signal> probes = List.of(Packs.probe("loud", 0.5), Packs.probe("quiet", 0.5));
    Packs.on(model, probes);
    int rows = 40;
    float[] reading = new float[rows * 3];
    for (int row = 0; row < rows; row++) {
      reading[3 * row] = 5;
      reading[3 * row + 1] = row == 7 ? 0.001f : -1;
      reading[3 * row + 2] = 3;
    }
    model.start(rows, -1).end(reading, rows, null);

    assertThat(backend.events())
        .extracting(event -> event.getAttributes().get(Keys.PROBE_ID))
        .hasSize(16)
        .contains("quiet");
  }

  @Test
  void end_moreProbesThanEvents_reportsTheHighestProbes() {
    Packs.on(model, Packs.probes(40, 0.5));
    float[] reading = new float[41];
    for (int i = 0; i < 41; i++) {
      reading[i] = 1 + 0.1f * i;
    }
    model.start(1, -1).end(reading, 1, null);

    assertThat(backend.events())
        .hasSize(16)
        .extracting(event -> event.getAttributes().get(Keys.PROBE_ID))
        .startsWith("p39", "p38");
    assertThat(backend.events().get(15).getAttributes().get(Keys.OMITTED_CROSSINGS)).isEqualTo(24);
  }

  private LogRecordData onlyEvent() {
    assertThat(backend.events()).hasSize(1);
    return backend.events().get(0);
  }

  private static double score(LogRecordData event) {
    Double score = event.getAttributes().get(Keys.PROBE_SCORE);
    assertThat(score).isNotNull();
    return score == null ? Double.NaN : score;
  }

  private long crossings(String probe) {
    return backend.counter(
        "innerspan.probe.threshold_crossing",
        Attributes.builder()
            .put("innerspan.probe.id", probe)
            .put("innerspan.model.name", "minilm")
            .build());
  }
}
