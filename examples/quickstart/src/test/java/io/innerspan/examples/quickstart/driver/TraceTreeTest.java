package io.innerspan.examples.quickstart.driver;

import static io.innerspan.examples.quickstart.driver.Spans.span;
import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.testing.ReceivedSpan;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class TraceTreeTest {
  private static final Palette PLAIN = new Palette(false);

  @Test
  void draw_inferenceBelowServer_isATreeWithScores() {
    List<ReceivedSpan> spans = List.of(Spans.inference(), Spans.server());

    assertThat(TraceTree.draw(spans, PLAIN))
        .containsExactly(
            "└─ POST /embed                              SERVER      40.0 ms",
            "   └─ embed minilm                          INTERNAL    12.5 ms",
            "         ████████████████████ 0.975  injection  injection",
            "         ███░░░░░░░░░░░░░░░░░ 0.125  toxic");
  }

  @Test
  void draw_siblings_areOrderedByStartAndConnected() {
    List<ReceivedSpan> spans =
        List.of(
            span("second", SpanKind.SPAN_KIND_INTERNAL, 'c', 'a').millis(20, 21).received(),
            span("below", SpanKind.SPAN_KIND_INTERNAL, 'd', 'b').millis(6, 7).received(),
            span("first", SpanKind.SPAN_KIND_INTERNAL, 'b', 'a')
                .millis(5, 9)
                .with("innerspan.probe.p.score", 0.0)
                .received(),
            Spans.server());

    assertThat(TraceTree.draw(spans, PLAIN))
        .extracting(line -> line.replaceAll("  +(SERVER|INTERNAL).*", ""))
        .containsExactly(
            "└─ POST /embed",
            "   ├─ first",
            "   │  │  ░░░░░░░░░░░░░░░░░░░░ 0.000  p",
            "   │  └─ below",
            "   └─ second");
  }

  @Test
  void draw_unknownParents_areRoots() {
    List<ReceivedSpan> spans =
        List.of(
            span("late", SpanKind.SPAN_KIND_INTERNAL, 'c', '9').millis(2, 3).received(),
            span("early", SpanKind.SPAN_KIND_INTERNAL, 'b', '8').millis(0, 1).received());

    assertThat(TraceTree.draw(spans, PLAIN))
        .extracting(line -> line.substring(0, 8).strip())
        .containsExactly("├─ early", "└─ late");
  }

  @Test
  void draw_hostileNames_reachTheTerminalHarmless() {
    ReceivedSpan hostile =
        span("\u001b[2Jx\ny\u202e", SpanKind.SPAN_KIND_INTERNAL, 'b', 'a')
            .millis(0, 1)
            .with("innerspan.probe.\u0007p.score", 2.0)
            .with("innerspan.probe.\u0007p.label", "\u001b[31m")
            .received();

    assertThat(TraceTree.draw(List.of(hostile), PLAIN))
        .allSatisfy(
            line ->
                assertThat(line.codePoints())
                    .noneMatch(c -> Character.isISOControl(c) || c == 0x202e));
  }

  @Test
  void draw_coloured_addsOnlyEscapeSequences() {
    List<ReceivedSpan> spans = List.of(Spans.inference(), Spans.server());

    List<String> coloured = TraceTree.draw(spans, new Palette(true));

    assertThat(coloured).anyMatch(line -> line.contains("\u001b[31m█"));
    assertThat(coloured)
        .extracting(line -> line.replaceAll("\u001b\\[[0-9;]*m", ""))
        .isEqualTo(TraceTree.draw(spans, PLAIN));
  }
}
