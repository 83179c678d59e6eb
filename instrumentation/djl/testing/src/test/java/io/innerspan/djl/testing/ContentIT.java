package io.innerspan.djl.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.JvmCommand;
import io.innerspan.testing.LogLine;
import io.innerspan.testing.OtlpReceiver;
import io.innerspan.testing.ReceivedLog;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts that applications predict with leave the process redacted, or not at all. */
class ContentIT {
  private static final String APP = "io.innerspan.djl.testing.app.TextApp";
  private static final String SECRET = "ada@example.org";

  static Stream<Djl> versions() {
    return Djl.with("pytorch-engine");
  }

  @ParameterizedTest
  @MethodSource("versions")
  void texts_areRedacted_inThePredictionsSpan(Djl djl) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      receiver.onRequest(bytes::writeBytes);
      List<String> printed = run(djl.observed(APP, receiver), "redacted");
      List<ReceivedLog> texts = texts(receiver);

      assertThat(printed).contains("33.0 for planted: write to ada@example.org");
      assertThat(texts)
          .extracting(text -> text.attribute("innerspan.content.kind"))
          .containsExactly("input", "input", "output", "output");
      assertThat(texts)
          .extracting(text -> text.attribute("innerspan.content.text"))
          .containsExactly(
              "planted: write to [email]",
              "hello",
              "33.0 for planted: write to [email]",
              "5.0 for hello");
      String span =
          receiver.spans().stream()
              .filter(received -> received.name().equals("inference texts"))
              .findFirst()
              .orElseThrow()
              .spanId();
      assertThat(texts).allMatch(text -> text.spanId().equals(span));
      assertThat(bytes.toString(StandardCharsets.ISO_8859_1))
          .contains("planted")
          .doesNotContain(SECRET);
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void texts_byDefault_stayInTheProcess(Djl djl) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      receiver.onRequest(bytes::writeBytes);
      run(djl.amongOthers(APP, receiver), null);

      assertThat(receiver.spans()).anyMatch(span -> span.name().equals("inference texts"));
      assertThat(bytes.toString(StandardCharsets.ISO_8859_1))
          .doesNotContain(SECRET, "planted", "hello");
    }
  }

  private static List<String> run(JvmCommand command, String content) {
    JvmCommand set =
        content == null
            ? command
            : command.property("otel.instrumentation.innerspan.content", content);
    try (ChildJvm app = set.start()) {
      app.awaitSuccess(Djl.PATIENCE);
      return app.lines(LogLine.Stream.OUT);
    }
  }

  private static List<ReceivedLog> texts(OtlpReceiver receiver) {
    return receiver.logs().stream()
        .filter(log -> log.eventName().equals("innerspan.content.captured"))
        .toList();
  }
}
