package io.innerspan.djl.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.LogLine;
import io.innerspan.testing.OtlpReceiver;
import io.innerspan.testing.ReceivedLog;
import io.innerspan.testing.ReceivedSpan;
import io.innerspan.testing.models.Style;
import io.innerspan.testing.models.Tabular;
import io.innerspan.testing.models.TransformerFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every inference of ONNX Runtime is explained, through DJL and without. */
class OnnxSaliencyIT {
  private static final String APP = "io.innerspan.djl.testing.app.OnnxSaliencyApp";
  private static final String EVENT = "innerspan.saliency.explained";

  @TempDir Path folder;

  static Stream<Djl> versions() {
    return Djl.with("onnxruntime-engine");
  }

  @ParameterizedTest
  @MethodSource("versions")
  void inferences_areExplained_andTheirOutputsAreTheSame(Djl djl) throws Exception {
    TransformerFixture classifier =
        TransformerFixture.postNorm().withHead(TransformerFixture.Head.CLASSIFIER);
    byte[] quantised = classifier.with(Style.POST_NORM.with(Style.Linear.DYNAMIC)).bytes();
    String tokens = Files.write(folder.resolve("tokens.onnx"), classifier.bytes()).toString();
    String rounded = Files.write(folder.resolve("rounded.onnx"), quantised).toString();
    String numbers = Files.write(folder.resolve("numbers.onnx"), Tabular.mlp().bytes()).toString();
    List<String> plain = Run.plain(djl, APP, tokens, numbers, rounded);
    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app =
            djl.observed(APP, receiver)
                .property("otel.blrp.schedule.delay", "100")
                .property("otel.instrumentation.innerspan.saliency-rate", "1")
                .arguments(tokens, numbers, rounded)
                .start()) {
      receiver.awaitLogs(logs -> events(logs).size() == 3, Djl.PATIENCE);
      app.closeInput();
      app.awaitSuccess(Djl.PATIENCE);

      assertThat(app.lines(LogLine.Stream.OUT)).isEqualTo(plain);
      ReceivedLog first = event(receiver, "inference tokens");
      assertThat(first.attribute("innerspan.saliency.method")).isEqualTo("integrated_gradients");
      assertThat(first.attribute("innerspan.saliency.baseline")).isEqualTo("padding");
      assertThat((double) first.attribute("innerspan.saliency.completeness_error"))
          .isLessThan(1e-3);
      assertThat(first.attribute("innerspan.saliency.unit")).isEqualTo("token");
      assertThat(first.attribute("innerspan.saliency.part_count")).isEqualTo(5L);
      ReceivedLog second = event(receiver, "inference numbers");
      assertThat(second.attribute("innerspan.saliency.method")).isEqualTo("integrated_gradients");
      assertThat(second.attribute("innerspan.saliency.unit")).isEqualTo("feature");
      assertThat(second.attribute("innerspan.saliency.part_count")).isEqualTo(8L);
      ReceivedLog third = event(receiver, "inference rounded");
      assertThat(third.attribute("innerspan.saliency.method")).isEqualTo("occlusion");
      assertThat(third.attribute("innerspan.saliency.part_count")).isEqualTo(5L);
      assertThat(app.lines(LogLine.Stream.ERR))
          .anyMatch(line -> line.contains("tokens of tokens.onnx are explained from Gather_"))
          .anyMatch(
              line ->
                  line.contains("tokens of rounded.onnx are explained by occlusion: quantised: "));
      assertThat(receiver.spans())
          .filteredOn(span -> span.name().startsWith("inference"))
          .hasSize(3);
    }
  }

  private static ReceivedLog event(OtlpReceiver receiver, String span) {
    ReceivedSpan inference =
        receiver.spans().stream()
            .filter(received -> received.name().equals(span))
            .findFirst()
            .orElseThrow();
    return events(receiver.logs()).stream()
        .filter(event -> event.spanId().equals(inference.spanId()))
        .filter(event -> event.traceId().equals(inference.traceId()))
        .findFirst()
        .orElseThrow();
  }

  private static List<ReceivedLog> events(List<ReceivedLog> logs) {
    return logs.stream().filter(log -> log.eventName().equals(EVENT)).toList();
  }
}
