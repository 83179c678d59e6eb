package io.innerspan.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.semconv.RefusalReason;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SignalRefusalsTest {
  private static final String NO_MASK = "blocks.1.x: no attention mask: the model has none";

  @Test
  void common_ofOneReason_isThatReason() {
    assertThat(new SignalRefusals(Map.of("a", NO_MASK, "b", NO_MASK)).common())
        .isEqualTo(RefusalReason.NO_ATTENTION_MASK);
    assertThat(new SignalRefusals(Map.of("a", "the model has no hook point or tensor x")).common())
        .isEqualTo(RefusalReason.NO_HOOK_POINT);
  }

  @Test
  void common_ofSeveralReasons_isThatNothingIsLeft() {
    assertThat(new SignalRefusals(Map.of("a", NO_MASK, "b", "something else")).common())
        .isEqualTo(RefusalReason.NO_SIGNAL);
  }
}
