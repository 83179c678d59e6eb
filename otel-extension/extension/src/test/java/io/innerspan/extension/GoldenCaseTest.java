package io.innerspan.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.pack.ProbePack;
import io.opentelemetry.javaagent.innerspan.bridge.ModelInput;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenCaseTest {
  private static final ProbePack PACK = TestPacks.pack("p", "ab".repeat(32), null);
  private static final GoldenCase CASE = GoldenCase.of(List.of(PACK)).get(0);

  /** The pack's probe is the second of two columns; the third holds the tokens. */
  private static final ReadingLayout LAYOUT =
      new ReadingLayout(List.of(TestPacks.norm("n"), TestPacks.probe("p")));

  @Test
  void of_severalPacks_keepsTheirOrder() {
    ProbePack other = TestPacks.pack("q", "ab".repeat(32), null);

    assertThat(GoldenCase.of(List.of(PACK, other)))
        .extracting(GoldenCase::pack)
        .containsExactly(PACK, other);
  }

  @Test
  void modelInput_hasNameTypeShapeAndLittleEndianBytes() {
    List<ModelInput.Tensor> tensors = CASE.modelInput().tensors();

    assertThat(tensors).hasSize(1);
    ModelInput.Tensor ids = tensors.get(0);
    assertThat(ids.name()).isEqualTo("input_ids");
    assertThat(ids.type()).isEqualTo("I64");
    assertThat(ids.shape()).containsExactly(2, 3);
    long[] values = new long[6];
    ids.data().duplicate().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(values);
    assertThat(values).containsExactly(5, 6, 7, 8, 9, 10);
  }

  @ParameterizedTest
  @ValueSource(floats = {0, 0.0009f, -0.0009f})
  void contradiction_withinTheTolerance_isNone(float error) {
    assertThat(CASE.contradiction(LAYOUT, reading(0.5f + error, -2 - 2 * error), 2)).isNull();
  }

  @Test
  void contradiction_beyondTheTolerance_namesProbeRowAndValues() {
    assertThat(CASE.contradiction(LAYOUT, reading(0.5f, -2.25f), 2))
        .isEqualTo("probe p, row 1: expected logit -2.0, found -2.25");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void contradiction_valueThatIsNotFinite_isOne(float value) {
    assertThat(CASE.contradiction(LAYOUT, reading(value, -2), 2)).contains("row 0");
  }

  @Test
  void contradiction_anotherNumberOfRows_isOne() {
    assertThat(CASE.contradiction(LAYOUT, new float[] {9, 0.5f, 3}, 1))
        .isEqualTo("golden input: expected 2 rows, found 1");
  }

  @Test
  void contradiction_probeWithoutColumn_isNotLookedAt() {
    ReadingLayout without = new ReadingLayout(List.of(TestPacks.norm("n")));

    assertThat(CASE.contradiction(without, new float[] {9, 3, 9, 3}, 2)).isNull();
  }

  private static float[] reading(float first, float second) {
    return new float[] {9, first, 3, 9, second, 3};
  }
}
