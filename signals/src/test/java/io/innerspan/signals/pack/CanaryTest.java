package io.innerspan.signals.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.safetensors.Tensor;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CanaryTest {
  private static final Map<String, Tensor> INPUTS =
      Map.of("input_ids", Tensor.ofLongs(new long[] {1}, 1, 1));

  @TempDir private Path folder = Path.of("");

  @Test
  void pack_withCanaries_isReadAsWritten() throws Exception {
    ProbePack pack = TestPacks.full();

    PackWriter.write(folder.resolve("full"), pack);
    ProbePack read = PackReader.read(folder.resolve("full"));

    assertThat(read.canaries()).hasSize(2).isEqualTo(pack.canaries());
    assertThat(read.canaries().get(0).reading("amd64").values()).containsKey("norm_4");
    assertThat(read.canaries().get(0).reading("riscv64")).isNull();
  }

  @Test
  void pack_whoseCanariesShareAnId_isRefused() {
    Canary canary = new Canary("a", CanaryKind.ORDINARY, INPUTS, Map.of());

    assertThatThrownBy(() -> pack(canary, canary))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("canaries: expected ids that differ, found 'a' twice");
  }

  @Test
  void pack_whoseCanaryKnowsAnUnknownSignal_isRefused() {
    GoldenInput probe =
        new GoldenInput(INPUTS, Map.of("missing", Tensor.ofFloats(new float[] {1})));
    GoldenInput signal =
        new GoldenInput(
            INPUTS, Map.of(), Map.of("missing", Tensor.ofFloats(new float[] {1}, 1, 1)));

    for (GoldenInput reading : new GoldenInput[] {probe, signal}) {
      Canary canary = new Canary("a", CanaryKind.ORDINARY, INPUTS, Map.of("amd64", reading));
      assertThatThrownBy(() -> pack(canary))
          .isInstanceOf(InvalidValueException.class)
          .hasMessageContaining("canary 'a'")
          .hasMessageContaining("'missing'");
    }
  }

  @Test
  void canary_withReadingsOfOtherInputs_isRefused() {
    GoldenInput other =
        new GoldenInput(
            Map.of("input_ids", Tensor.ofLongs(new long[] {2}, 1, 1)),
            Map.of("p", Tensor.ofFloats(new float[] {1})));

    assertThatThrownBy(() -> new Canary("a", CanaryKind.ORDINARY, INPUTS, Map.of("amd64", other)))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("others on amd64");
  }

  @Test
  void canary_withoutInputs_isRefused() {
    assertThatThrownBy(() -> new Canary("a", CanaryKind.ORDINARY, Map.of(), Map.of()))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("at least 1 input");
  }

  private static ProbePack pack(Canary... canaries) {
    ProbePack small = TestPacks.small("n", "p");
    PackBuilder builder =
        ProbePack.builder("n", "1.0.0", "MIT", small.model())
            .probe(
                small.probes().get(0),
                small.goldenActivation("p").x(),
                small.goldenActivation("p").logit());
    small.goldenInputs().forEach(builder::goldenInput);
    for (Canary canary : canaries) {
      builder.canary(canary);
    }
    return builder.build();
  }
}
