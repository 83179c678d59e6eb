package io.innerspan.signals.pack;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LayerLens;
import io.innerspan.signals.Position;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.safetensors.Tensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logits are covered where the agent and the workbench use them; here the other values. */
class GoldenReadingTest {
  private static final ActivationSummary NORM =
      ActivationSummary.norm("norm", new HookPoint("blocks.0.hook_resid_post"));

  /** Of one layer: top.0.index, top.1.index, their probabilities, entropy, kl, rank. */
  private static final LayerLens LENS =
      new LayerLens(
          "lens",
          List.of(new HookPoint("blocks.0.hook_resid_post")),
          new HookPoint("logits"),
          Position.LAST,
          2,
          List.of());

  private static final float[] LENS_ROW = {7, 3, 0.5f, 0.25f, 1, 0.1f, 4};

  @ParameterizedTest
  @ValueSource(floats = {0, 0.009f, -0.009f})
  void contradiction_withinTheTolerance_isNone(float error) {
    assertThat(norm(10, 10 + error)).isNull();
  }

  @ParameterizedTest
  @ValueSource(floats = {10.02f, Float.NaN, Float.POSITIVE_INFINITY})
  void contradiction_beyondTheTolerance_namesSignalRowAndColumn(float found) {
    assertThat(norm(10, found))
        .hasToString("signal norm, row 0: expected l2_norm 10.0, found " + found);
  }

  @Test
  void contradiction_noReading_agreesWithNoReadingOnly() {
    assertThat(norm(Float.NaN, Float.NaN)).isNull();
    assertThat(norm(Float.NaN, 1)).isNotNull();
  }

  @Test
  void contradiction_anotherTopAnswer_isOne() {
    assertThat(LENS.columnNames()).hasSize(LENS_ROW.length);
    assertThat(lens(0, 7)).isNull();
    assertThat(lens(0, 8))
        .hasToString("signal lens, row 0: expected layer.0.top.0.index 7.0, found 8.0");
  }

  @Test
  void contradiction_ofAnIndex_isNoneWhereTheOrderMeansNothing() {
    assertThat(lens(1, 9)).isNull(); // What comes third is not known.
    float[] tie = LENS_ROW.clone();
    tie[3] = tie[2];
    float[] swapped = tie.clone();
    swapped[0] = tie[1];
    swapped[1] = tie[0];
    assertThat(lens(tie, swapped)).isNull();
  }

  @Test
  void contradiction_ofARank_allowsForOneNearValue() {
    assertThat(lens(6, 5)).isNull();
    assertThat(lens(6, 2)).isNotNull();
  }

  @Test
  void contradiction_ofAProbabilityEntropyOrKl_isHeldToTheTolerance() {
    for (int column = 2; column < 6; column++) {
      assertThat(lens(column, LENS_ROW[column] + 0.0005f)).isNull();
      assertThat(lens(column, LENS_ROW[column] + 0.01f)).isNotNull();
    }
  }

  @Test
  void contradiction_anotherNumberOfRows_isOne() {
    assertThat(
            GoldenReading.contradiction(
                golden(Map.of("norm", Tensor.ofFloats(new float[] {1}, 1, 1))),
                new ReadingLayout(List.of(NORM)),
                new float[4],
                2))
        .hasToString("golden input: expected 1 rows, found 2");
  }

  @Test
  void contradiction_signalWithoutColumns_isNotLookedAt() {
    assertThat(
            GoldenReading.contradiction(
                golden(Map.of("norm", Tensor.ofFloats(new float[] {1}, 1, 1))),
                new ReadingLayout(List.of(LENS)),
                new float[8],
                1))
        .isNull();
  }

  @Test
  void deviation_isTheLargest_inUnitsOfWhatIsAllowed() {
    GoldenReading.Deviation deviation = deviation(10, 10.005f);

    assertThat(deviation.size()).isCloseTo(0.5, org.assertj.core.data.Offset.offset(1e-3));
    assertThat(deviation.isContradiction()).isFalse();
    assertThat(deviation(10, 10.05f).size())
        .isCloseTo(5, org.assertj.core.data.Offset.offset(1e-3));
    assertThat(deviation(10, 10.05f))
        .hasToString("norm, row 0, l2_norm: expected 10.0, found 10.05");
  }

  @Test
  void deviation_oneIsNoReading_isInfinite() {
    assertThat(deviation(Float.NaN, Float.NaN).size()).isZero();
    assertThat(deviation(Float.NaN, 1).size()).isInfinite();
    assertThat(deviation(1, Float.NaN).size()).isInfinite();
    assertThat(deviation(1, Float.POSITIVE_INFINITY).isContradiction()).isTrue();
  }

  private static GoldenReading.Deviation deviation(float expected, float found) {
    return GoldenReading.deviation(
        golden(Map.of("norm", Tensor.ofFloats(new float[] {expected}, 1, 1))),
        new ReadingLayout(List.of(NORM)),
        new float[] {found, 3},
        1);
  }

  private static GoldenReading.@Nullable Contradiction norm(float expected, float found) {
    return GoldenReading.contradiction(
        golden(Map.of("norm", Tensor.ofFloats(new float[] {expected}, 1, 1))),
        new ReadingLayout(List.of(NORM)),
        new float[] {found, 3},
        1);
  }

  private static GoldenReading.@Nullable Contradiction lens(int column, float found) {
    float[] row = LENS_ROW.clone();
    row[column] = found;
    return lens(LENS_ROW, row);
  }

  private static GoldenReading.@Nullable Contradiction lens(float[] expected, float[] found) {
    float[] reading = new float[found.length + 2];
    System.arraycopy(found, 0, reading, 1, found.length);
    return GoldenReading.contradiction(
        golden(Map.of("lens", Tensor.ofFloats(expected, 1, expected.length))),
        new ReadingLayout(List.of(NORM, LENS)),
        reading,
        1);
  }

  private static GoldenInput golden(Map<String, Tensor> values) {
    return new GoldenInput(
        Map.of("input_ids", Tensor.ofLongs(new long[] {1, 2, 3}, 1, 3)), Map.of(), values);
  }
}
