package io.innerspan.signals.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.signals.Floats;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.PopulationDistance;
import io.innerspan.signals.TokenSelection;
import org.junit.jupiter.api.Test;

class ReferenceDistanceTest {
  private static final HookPoint HERE = new HookPoint("h");
  private static final Floats ZERO = Floats.of("mean", new float[2]);
  private static final Floats X_AXIS = Floats.of("u", new float[] {1, 0});

  /** SIGNALS: diag(4, 1), (2, 2): d² = 2²/4 + 2²/1. */
  @Test
  void value_diagonal_isFive() {
    PopulationDistance distance = distance(ZERO, X_AXIS, 4, 1);
    assertThat(value(distance, new float[][] {{2, 2}})).isEqualTo(5);
  }

  /** Along (1, 1)/√2: x = (2, 0) has 2 of its 4 there: 2/2 + 2/0.5. */
  @Test
  void value_rotated_isFiveToo() {
    float half = (float) Math.sqrt(0.5);
    Floats diagonal = Floats.of("u", new float[] {half, half});
    Floats mean = Floats.of("mean", new float[] {1, 1});
    assertThat(value(distance(mean, diagonal, 2, 0.5), new float[][] {{3, 1}}))
        .isCloseTo(5, within(1e-6));
  }

  @Test
  void value_withoutComponents_isTheScaledSquare() {
    PopulationDistance distance =
        new PopulationDistance("d", HERE, Pooling.MEAN, ZERO, Floats.none(), Floats.none(), 2);
    assertThat(value(distance, new float[][] {{1, 3}, {3, 1}})).isEqualTo(4);
  }

  @Test
  void value_pooling_isOfTheTokensThatTakePart() {
    float[][] x = {{9, 9}, {2, 0}, {0, 2}, {9, 9}};
    RowInputs row =
        RowInputs.of()
            .mask(new long[] {1, 1, 1, 0})
            .ids(new long[] {0, 1, 2, 3})
            .activation(HERE, x);
    assertThat(ReferenceSignal.values(pooled(Pooling.CLS), row)).containsExactly(1);
    assertThat(ReferenceSignal.values(pooled(Pooling.LAST), row)).containsExactly(4);
    assertThat(ReferenceSignal.values(pooled(Pooling.MEAN), row)).containsExactly(1.25);
    assertThat(ReferenceSignal.values(pooled(Pooling.MEAN), row.mask(new long[] {1, 0, 0, 0})))
        .containsExactly(Double.NaN);
  }

  @Test
  void constructor_componentsNotOrthonormal_areRefused() {
    assertThatThrownBy(() -> distance(ZERO, Floats.of("u", new float[] {1, 1}), 4, 1))
        .hasMessage("components: expected orthonormal rows, found the product 0·0 = 2.0");
    assertThatThrownBy(() -> distance(ZERO, Floats.of("u", new float[] {1, 0, 1}), 4, 1))
        .hasMessage("components: expected 1 rows of 2, found 3 values");
    assertThatThrownBy(() -> distance(ZERO, X_AXIS, 0, 1))
        .hasMessage("variances[0]: expected a finite number above 0, found 0.0");
  }

  private static PopulationDistance pooled(Pooling pooling) {
    return new PopulationDistance(
        "d",
        HERE,
        TokenSelection.excluding(0),
        pooling,
        ZERO,
        X_AXIS,
        Floats.of("variances", new float[] {4}),
        1);
  }

  private static PopulationDistance distance(
      Floats mean, Floats components, float variance, double residual) {
    Floats variances = Floats.of("variances", new float[] {variance});
    return new PopulationDistance("d", HERE, Pooling.MEAN, mean, components, variances, residual);
  }

  private static double value(PopulationDistance distance, float[][] x) {
    return ReferenceSignal.values(distance, RowInputs.of().activation(HERE, x))[0];
  }
}
