package io.innerspan.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

class CreationPlanTest {
  @Test
  void only_nothingGiven_isAll() {
    assertThat(CreationPlan.full().only(Set.of(), Set.of()).cases())
        .isEqualTo(CreationPlan.full().cases());
  }

  @Test
  void only_sizesAndProbes_areTheCasesOfBoth() {
    assertThat(CreationPlan.full().only(Set.of(1, 10), Set.of()).cases())
        .hasSize(6)
        .allMatch(one -> one.model().megabytes() <= 10);
    assertThat(CreationPlan.full().only(Set.of(), Set.of(10_000)).cases())
        .singleElement()
        .satisfies(one -> assertThat(one.mode()).isEqualTo("path"));
    assertThat(CreationPlan.full().only(Set.of(100), Set.of(16)).cases()).hasSize(6);
  }

  @Test
  void only_whatIsNotMeasured_isRefused() {
    assertThatThrownBy(() -> CreationPlan.full().only(Set.of(7), Set.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[7]");
  }

  @Test
  void times_ofTheCases_hasSoManyTimesTheRounds() {
    CreationPlan once = CreationPlan.quick();

    assertThat(once.times(3).cases())
        .extracting(CreationCase::rounds)
        .isEqualTo(once.cases().stream().map(one -> 3 * one.rounds()).toList());
  }
}
