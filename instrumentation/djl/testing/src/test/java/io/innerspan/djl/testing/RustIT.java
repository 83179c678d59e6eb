package io.innerspan.djl.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.testing.ReceivedSpan;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An engine that loads a folder of Hugging Face and computes in half precision. */
class RustIT {
  private static final String APP = "io.innerspan.djl.testing.app.RustApp";
  private static final String CONFIDENCE = "innerspan.confidence.sure.max_probability";

  @TempDir Path folder;

  static Stream<Djl> versions() {
    return Djl.with("tokenizers");
  }

  @ParameterizedTest
  @MethodSource("versions")
  void confidence_ofHalfPrecision_isRead_andOutputsAreTheSame(Djl djl) throws Exception {
    Path model = SmallBert.write(folder.resolve("text"));
    Path packs = folder.resolve("packs");
    ReadingPack.writeSure(
        packs,
        "sure",
        ReadingPack.sha256(model.resolve("config.json"), model.resolve("model.safetensors")));
    String[] arguments = {model.toString(), "" + SmallBert.EVEN, "" + SmallBert.ODD};
    List<String> plain = Run.plain(djl, APP, arguments);
    assertThat(plain).hasSize(2);
    Run run = Run.observed(djl, plain, APP, packs.toString(), arguments);
    assertThat(run.observed()).isEqualTo(plain);
    List<ReceivedSpan> spans = run.spans("inference text");
    assertThat(spans).hasSize(2);
    assertThat(spans.get(0).attribute("innerspan.engine.name")).isEqualTo("rust");
    List<Double> expected = plain.stream().map(RustIT::confidence).toList();
    assertThat(expected.get(0)).isNotCloseTo(expected.get(1), within(0.1));
    for (int i = 0; i < expected.size(); i++) {
      assertThat((double) spans.get(i).attribute(CONFIDENCE))
          .isCloseTo(expected.get(i), within(1e-6));
    }
    assertThat(run.metrics()).noneMatch(metric -> metric.name().equals("innerspan.fault"));
  }

  /** The largest of the softmax of logits as the application prints them: float16 [a, b, c]. */
  private static double confidence(String printed) {
    assertThat(printed).startsWith("float16 [");
    String numbers = printed.substring(printed.indexOf('[') + 1, printed.indexOf(']'));
    double[] powers =
        Stream.of(numbers.split(", "))
            .mapToDouble(each -> Math.exp(Double.parseDouble(each)))
            .toArray();
    return Arrays.stream(powers).max().orElseThrow() / Arrays.stream(powers).sum();
  }
}
