package io.innerspan.signals.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.signals.Floats;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LayerLens;
import io.innerspan.signals.LayerLens.Translator;
import io.innerspan.signals.Position;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tail of these models is the identity: an activation is its own logits. */
class ReferenceLensTest {
  private static final HookPoint FIRST = new HookPoint("blocks.0.hook_resid_post");
  private static final HookPoint LAST = new HookPoint("blocks.1.hook_resid_post");
  private static final HookPoint LOGITS = new HookPoint("logits");
  private static final float LN_3 = (float) Math.log(3);

  /** The entropy of (¼, ¾). */
  private static final double ENTROPY = 2 * Math.log(2) - 0.75 * Math.log(3);

  /** Before: (¾, ¼); in the end the model's own (¼, ¾). KL = (¾ − ¼) ln 3. */
  @Test
  void values_twoLayers_areTheKnownAnswers() {
    float[][] before = {{9, 9}, {LN_3, 0}};
    float[][] end = {{9, 9}, {0, LN_3}};
    double[] values = ReferenceSignal.values(lens(Position.LAST, List.of()), row(before, end));
    assertThat(values)
        .containsExactly(
            new double[] {
              0, 1, .75, .25, ENTROPY, Math.log(3) / 2, 1, 1, 0, .75, .25, ENTROPY, 0, 0
            },
            within(1e-7));
  }

  @Test
  void values_tunedLensOfZeros_isTheLogitLens() {
    Translator zeros = new Translator(Floats.of("A", new float[4]), Floats.of("b", new float[2]));
    RowInputs row = row(new float[][] {{1, 2}}, new float[][] {{-1, 3}});
    assertThat(ReferenceSignal.values(lens(Position.FIRST, List.of(zeros, zeros)), row))
        .containsExactly(ReferenceSignal.values(lens(Position.FIRST, List.of()), row));
  }

  /** h = (1, 2), A h = (2, 0), b = (−3, −2 − ln 3): logits 0 and −ln 3. */
  @Test
  void values_tunedLens_mapsTheActivationFirst() {
    Translator translator =
        new Translator(
            Floats.of("A", new float[] {0, 1, 0, 0}), Floats.of("b", new float[] {-3, -2 - LN_3}));
    LayerLens lens = lens(Position.FIRST, List.of(translator, translator));
    double[] values =
        ReferenceSignal.values(lens, row(new float[][] {{1, 2}}, new float[][] {{1, 2}}));
    assertThat(values[lens.answer(0, 0)]).isZero();
    assertThat(values[lens.probability(0, 0)]).isCloseTo(.75, within(1e-7));
  }

  @Test
  void values_positionByTokenId_isThatTokensOrAbsent() {
    float[][] x = {{0, 1}, {5, 0}, {0, 5}};
    LayerLens lens = lens(Position.token(103), List.of());
    RowInputs row = row(x, x).mask(new long[] {0, 1, 1});
    assertThat(ReferenceSignal.values(lens, row.ids(new long[] {103, 7, 103}))[lens.answer(0, 0)])
        .isEqualTo(1);
    assertThat(ReferenceSignal.values(lens, row.ids(new long[] {103, 7, 7})))
        .containsOnly(Double.NaN);
  }

  /** A classifier whose head reads the mean over tokens. */
  @Test
  void values_logitsWithoutTokens_areOfTheWholeRow() {
    float[][] x = {{4, 0}, {0, 2}};
    RowInputs row =
        RowInputs.of()
            .activation(FIRST, x)
            .activation(LAST, x)
            .logits(LOGITS, new float[] {2, 1})
            .tail(h -> new double[][] {{(h[0][0] + h[1][0]) / 2, (h[0][1] + h[1][1]) / 2}});
    LayerLens lens = lens(Position.LAST, List.of());
    double[] values = ReferenceSignal.values(lens, row);
    assertThat(values[lens.divergence(0)]).isZero();
    assertThat(values[lens.rank(0)]).isZero();
    assertThat(ReferenceSignal.values(lens, row.mask(new long[2]))).containsOnly(Double.NaN);
  }

  @Test
  void values_equalLogits_countTheLowerIndexFirst() {
    LayerLens lens = lens(Position.FIRST, List.of());
    double[] values =
        ReferenceSignal.values(lens, row(new float[][] {{1, 1}}, new float[][] {{1, 1}}));
    assertThat(values[lens.answer(0, 0)]).isZero();
    assertThat(values[lens.answer(0, 1)]).isEqualTo(1);
    assertThat(values[lens.rank(0)]).isZero();
    double[] second =
        ReferenceSignal.values(lens, row(new float[][] {{1, 1}}, new float[][] {{0, 1}}));
    assertThat(second[lens.rank(0)]).isEqualTo(1);
  }

  @Test
  void values_withoutTail_areRefused() {
    RowInputs row =
        RowInputs.of()
            .activation(FIRST, new float[][] {{1, 1}})
            .logits(LOGITS, new float[][] {{1, 1}});
    assertThatThrownBy(() -> ReferenceSignal.values(lens(Position.FIRST, List.of()), row))
        .hasMessage("row: expected the model's tail, found none");
  }

  private static LayerLens lens(Position position, List<Translator> translators) {
    return new LayerLens("lens", List.of(FIRST, LAST), LOGITS, position, 2, translators);
  }

  private static RowInputs row(float[][] first, float[][] last) {
    return RowInputs.of()
        .activation(FIRST, first)
        .activation(LAST, last)
        .logits(LOGITS, last)
        .tail(ModelTail.ofToken(h -> h));
  }
}
