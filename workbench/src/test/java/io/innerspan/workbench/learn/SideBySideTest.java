package io.innerspan.workbench.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SideBySideTest {
  @Test
  void all_givesResultsInOrder() {
    List<Supplier<Integer>> work = new ArrayList<>();
    IntStream.range(0, 100).forEach(i -> work.add(() -> i));
    assertThat(SideBySide.all(work)).hasSize(100).isSorted();
  }

  @Test
  void all_aFault_isThrownAsItWas() {
    List<Supplier<Integer>> work =
        List.of(
            () -> 1,
            () -> {
              throw new IllegalArgumentException("two");
            });
    assertThatThrownBy(() -> SideBySide.all(work))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("two");
  }
}
