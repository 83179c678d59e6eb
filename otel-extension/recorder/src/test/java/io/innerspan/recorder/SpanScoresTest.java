package io.innerspan.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.Signal;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpanScoresTest {
  private final Backend backend = new Backend();
  private final ModelTelemetry model = backend.model();

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void end_asManyAsFit_areAllThere() {
    Packs.on(model, Packs.probes(48, 0.99));
    model.start(1, -1).end(new float[49], 1, null);
    // No row has tokens; now one that has.
    float[] reading = new float[49];
    reading[48] = 2;
    model.start(1, -1).end(reading, 1, null);

    SpanData span = backend.spans().get(1);
    assertThat(scored(span)).hasSize(48);
    assertThat(span.getAttributes().get(Keys.OMITTED_PROBES)).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {129, 384, 1500})
  void end_moreThanFit_keepsPositiveOnesThenHighest(int count) {
    Random random = new Random(count);
    List<Signal> probes = new ArrayList<>();
    float[] reading = new float[count + 1];
    for (int i = 0; i < count; i++) {
      // Thresholds differ, so that a low score may be positive and a high one not.
      probes.add(Packs.probe("p" + i, i % 20 == 0 ? 0.01 : 0.9999));
      reading[i] = (float) random.nextGaussian();
    }
    reading[count] = 3;
    Packs.on(model, probes);
    model.start(1, -1).end(reading, 1, null);

    // Of 96 attributes a positive probe takes two, another one.
    int positive = (count + 19) / 20;
    int kept = 2 * positive > 96 ? 48 : 96 - positive;
    Set<String> expected =
        IntStream.range(0, count)
            .boxed()
            .sorted(
                (a, b) ->
                    a % 20 == 0 == (b % 20 == 0)
                        ? Float.compare(reading[b], reading[a])
                        : Boolean.compare(b % 20 == 0, a % 20 == 0))
            .limit(kept)
            .map(i -> "p" + i)
            .collect(Collectors.toSet());
    SpanData span = backend.onlySpan();
    assertThat(scored(span)).isEqualTo(expected);
    assertThat(span.getAttributes().get(Keys.OMITTED_PROBES)).isEqualTo(count - kept);
    assertThat(span.getTotalAttributeCount()).isEqualTo(span.getAttributes().size());
    assertThat(backend.metric("innerspan.probe.score").getHistogramData().getPoints())
        .hasSize(count);
  }

  @ParameterizedTest
  @CsvSource({"12, 12", "13, 1"})
  void end_labels_areAllThereWhileTheyAreCheap(int count, int labels) {
    Packs.on(model, Packs.probes(count, 0.99));
    float[] reading = new float[count + 1];
    reading[0] = 9;
    reading[count] = 2;
    model.start(1, -1).end(reading, 1, null);

    assertThat(backend.onlySpan().getAttributes().asMap().keySet())
        .filteredOn(key -> key.getKey().endsWith(".label"))
        .hasSize(labels);
  }

  @Test
  void end_manyWithoutThreshold_takeOneAttributeEach() {
    List<Signal> probes =
        IntStream.range(0, 200).<Signal>mapToObj(i -> Packs.probe("p" + i, null)).toList();
    Packs.on(model, probes);
    float[] reading = new float[201];
    reading[200] = 1;
    model.start(1, -1).end(reading, 1, null);

    assertThat(scored(backend.onlySpan())).hasSize(96).contains("p0", "p95");
    assertThat(backend.onlySpan().getAttributes().get(Keys.OMITTED_PROBES)).isEqualTo(104);
  }

  @Test
  void end_everythingOnOneSpan_staysWithinTheSdksLimit() {
    Packs.on(model, Packs.probes(384, 0.5));
    model.digest("ab12");
    float[] reading = new float[385 * 2];
    for (int i = 0; i < 385; i++) {
      reading[i] = i;
    }
    model.start(2, -1).end(reading, 2, new IllegalStateException());

    SpanData span = backend.onlySpan();
    assertThat(span.getTotalAttributeCount()).isEqualTo(span.getAttributes().size());
    assertThat(span.getAttributes().get(Keys.ERROR_TYPE)).isNotNull();
    assertThat(span.getAttributes().get(Keys.MISSING_ROWS)).isEqualTo(1);
    assertThat(span.getAttributes().size()).isLessThanOrEqualTo(110);
  }

  private static Set<String> scored(SpanData span) {
    return span.getAttributes().asMap().keySet().stream()
        .map(Object::toString)
        .filter(key -> key.startsWith("innerspan.probe.") && key.endsWith(".score"))
        .map(key -> key.split("\\.", -1)[2])
        .collect(Collectors.toSet());
  }
}
