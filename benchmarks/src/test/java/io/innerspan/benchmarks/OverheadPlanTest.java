package io.innerspan.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.innerspan.benchmarks.OverheadPlan.Rounds;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverheadPlanTest {
  @Test
  void of_oneShapeAndTimes_hasThatShapeAndSoManyTimesItsRounds() {
    Rounds whole = OverheadPlan.GOVERNED.shapes().get(1);

    assertThat(OverheadPlan.GOVERNED.of(Shape.parse("1x128"), 8).shapes())
        .isEqualTo(List.of(new Rounds(new Shape(1, 128), 8 * whole.rounds(), whole.runs())));
  }

  @Test
  void of_nothing_isThePlan() {
    assertThat(OverheadPlan.FULL.of(null, 1)).isEqualTo(OverheadPlan.FULL);
  }

  @Test
  void of_anotherShape_saysWhichThereAre() {
    assertThatThrownBy(() -> OverheadPlan.FULL.of(Shape.parse("2x16"), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("--shape: expected one of [1x16, 1x128, 8x128], found 2x16");
  }
}
