package io.innerspan.signals.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.signals.AttentionSummary;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.TokenSelection;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ReferenceAttentionSummaryTest {
  private static final HookPoint PATTERN = new HookPoint("blocks.0.attn.hook_pattern");
  private static final double LN_2 = Math.log(2);

  /** Heads: even, itself, all on the first. */
  private static final float[][][] THREE = {
    {{.5f, .5f}, {.5f, .5f}}, {{1, 0}, {0, 1}}, {{1, 0}, {1, 0}}
  };

  @Test
  void values_knownPatterns_areTheKnownAnswers() {
    AttentionSummary summary = new AttentionSummary("a", PATTERN, 3, false);
    assertThat(summary.columnNames())
        .startsWith(
            "head.0.entropy", "head.1.entropy", "head.2.entropy", "head.0.first_token_share");
    assertThat(ReferenceSignal.values(summary, RowInputs.of().attention(PATTERN, THREE)))
        .containsExactly(new double[] {LN_2, 0, 0, .5, .5, 1, .5, 0, .5}, within(1e-12));
  }

  @Test
  void values_paddingOnEitherSide_doesNotMatter() {
    AttentionSummary summary = new AttentionSummary("a", PATTERN, 3, false);
    double[] bare = ReferenceSignal.values(summary, RowInputs.of().attention(PATTERN, THREE));
    for (int shift = 0; shift < 3; shift++) {
      float[][][] padded = new float[3][4][4];
      long[] mask = new long[4];
      for (int i = 0; i < 2; i++) {
        mask[i + shift] = 1;
      }
      for (int head = 0; head < 3; head++) {
        for (float[] row : padded[head]) {
          Arrays.fill(row, .25f);
        }
        for (int i = 0; i < 2; i++) {
          System.arraycopy(THREE[head][i], 0, padded[head][i + shift], shift, 2);
        }
      }
      assertThat(
              ReferenceSignal.values(summary, RowInputs.of().mask(mask).attention(PATTERN, padded)))
          .containsExactly(bare);
    }
  }

  /** The first token, of id 0, does not count as a reader; attention on it still counts. */
  @Test
  void values_excludedIds_doNotAttendButAreAttendedTo() {
    AttentionSummary summary =
        new AttentionSummary("a", PATTERN, TokenSelection.excluding(0), 3, false);
    assertThat(
            ReferenceSignal.values(
                summary, RowInputs.of().ids(new long[] {0, 5}).attention(PATTERN, THREE)))
        .containsExactly(new double[] {LN_2, 0, 0, .5, 0, 1, .5, 0, 1}, within(1e-12));
  }

  @Test
  void values_otherNumberOfHeads_isRefused() {
    AttentionSummary summary = new AttentionSummary("a", PATTERN, 2, false);
    assertThatThrownBy(
            () -> ReferenceSignal.values(summary, RowInputs.of().attention(PATTERN, THREE)))
        .hasMessage("heads: expected 2, found 3");
  }
}
