package io.innerspan.examples.quickstart.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class InferenceSpanTest {
  @Test
  void among_mixedSpans_givesInferencesByStart() {
    var later =
        Spans.span("again", SpanKind.SPAN_KIND_INTERNAL, 'c', 'a')
            .millis(20, 30)
            .with("innerspan.engine.name", "onnxruntime")
            .received();

    assertThat(InferenceSpan.among(List.of(later, Spans.server(), Spans.inference())))
        .extracting(inference -> inference.span().name())
        .containsExactly("embed minilm", "again");
  }

  @Test
  void of_severalPacks_joinsThem() {
    var span =
        Spans.span("run", SpanKind.SPAN_KIND_INTERNAL, 'b', 'a')
            .withList("innerspan.pack", "a@1", "b@2")
            .received();

    assertThat(InferenceSpan.of(span).pack()).isEqualTo("a@1,b@2");
  }

  @Test
  void of_probeIdWithDots_keepsTheWholeId() {
    var span =
        Spans.span("run", SpanKind.SPAN_KIND_INTERNAL, 'b', 'a')
            .with("innerspan.probe.topic.law.score", 0.5)
            .with("innerspan.probe.topic.law.label", "law")
            .with("innerspan.probe.odd.score", "not a number")
            .received();

    assertThat(InferenceSpan.of(span).probes())
        .containsOnlyKeys("topic.law")
        .containsEntry("topic.law", new InferenceSpan.Probe(0.5, "law"));
  }
}
