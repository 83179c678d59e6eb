package io.innerspan.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ColumnSelectionTest {
  private static final ReadingLayout THREE =
      new ReadingLayout(List.of(TestPacks.probe("a"), TestPacks.norm("b"), TestPacks.probe("c")));

  /** Two rows: a, b, c, tokens. */
  private static final float[] READING = {1, 2, 3, 7, 4, 5, 6, 8};

  @Test
  void apply_everySignal_isTheReadingItself() {
    ColumnSelection all = new ColumnSelection(THREE, Set.of("a", "b", "c"));

    assertThat(all.isWhole()).isTrue();
    assertThat(all.apply(READING, 2)).isSameAs(READING);
  }

  @Test
  void apply_someSignals_keepsTheirColumnsAndTheTokens() {
    ColumnSelection some = new ColumnSelection(THREE, Set.of("c", "a"));

    assertThat(some.isWhole()).isFalse();
    assertThat(some.layout().signals()).extracting(Signal::id).containsExactly("a", "c");
    assertThat(some.apply(READING, 2)).containsExactly(1, 3, 7, 4, 6, 8);
  }

  @Test
  void apply_noSignal_keepsTheTokensAlone() {
    ColumnSelection none = new ColumnSelection(THREE, Set.of("unknown"));

    assertThat(none.layout().size()).isZero();
    assertThat(none.apply(READING, 2)).containsExactly(7, 8);
  }

  @Test
  void apply_noReading_isNone() {
    assertThat(new ColumnSelection(THREE, Set.of("a")).apply(null, 0)).isNull();
  }
}
