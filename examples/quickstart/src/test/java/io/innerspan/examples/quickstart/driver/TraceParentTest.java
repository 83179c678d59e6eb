package io.innerspan.examples.quickstart.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TraceParentTest {
  @Test
  void header_knownIds_isTheW3cForm() {
    assertThat(new TraceParent(Spans.TRACE, "00f067aa0ba902b7").header())
        .isEqualTo("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  }

  @Test
  void create_random_isValidAndDistinct() {
    RandomGenerator random = new Random(7);

    assertThat(Stream.generate(() -> TraceParent.create(random)).limit(1000).distinct())
        .hasSize(1000)
        .allSatisfy(
            parent -> assertThat(parent.header()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01"));
  }

  @Test
  void create_onlyZeros_avoidsInvalidIds() {
    TraceParent parent = TraceParent.create(() -> 0);

    assertThat(parent.traceId()).isNotEqualTo("0".repeat(32));
    assertThat(parent.spanId()).isNotEqualTo("0".repeat(16));
  }
}
