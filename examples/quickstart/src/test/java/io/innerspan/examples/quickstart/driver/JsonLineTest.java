package io.innerspan.examples.quickstart.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.innerspan.testing.ReceivedSpan;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JsonLineTest {
  @Test
  void of_inference_hasEveryMember() {
    assertThat(JsonLine.of("say \"hi\"\n<b>", InferenceSpan.of(Spans.inference())))
        .isEqualTo(
            "{\"text\":\"say \\\"hi\\\"\\n<b>\",\"trace_id\":\"4bf92f3577b34da6a3ce929d0e0e4736\","
                + "\"span_id\":\"bbbbbbbbbbbbbbbb\",\"parent_span_id\":\"aaaaaaaaaaaaaaaa\","
                + "\"duration_ms\":12.5,\"model_digest\":\"sha256:00ff\",\"pack\":\"quickstart@1\","
                + "\"probes\":{\"injection\":0.975,\"toxic\":0.125}}");
  }

  @Test
  void of_withoutReading_hasNullsAndNoProbes() {
    ReceivedSpan bare =
        Spans.span("run", SpanKind.SPAN_KIND_INTERNAL, 'b', 'a')
            .with("innerspan.engine.name", "onnxruntime")
            .received();

    assertThat(JsonLine.of("x", InferenceSpan.of(bare)))
        .endsWith("\"duration_ms\":0.0,\"model_digest\":null,\"pack\":null,\"probes\":{}}");
  }

  @Test
  void of_anyText_isOneLineThatParsesBack() {
    Stream.of("", "emoji 🙂", "\u2028\u0000\t\r\n", "\\u0041 \"'{}")
        .forEach(
            text -> {
              String line = JsonLine.of(text, InferenceSpan.of(Spans.inference()));
              assertThat(line).doesNotContain("\n", "\r", "\u2028");
              assertThat(JsonParser.parseString(line).getAsJsonObject().get("text").getAsString())
                  .isEqualTo(text);
            });
  }

  @Test
  void report_trace_printsItsInferencesAndNothingElse() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    JsonReport report = new JsonReport(new PrintStream(bytes, true, StandardCharsets.UTF_8));

    report.started("http://127.0.0.1:1", 1);
    report.trace(new SentText("né", Spans.TRACE), List.of(Spans.inference(), Spans.server()));

    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .singleElement()
        .asString()
        .startsWith("{\"text\":\"né\",");
  }
}
