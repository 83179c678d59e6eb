package io.innerspan.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class InstructionCountsTest {
  @Test
  void lastCommand_isFromTheReadToTheFirstWriteAfterIt() {
    assertThat(counts("write 0 5", "read 0 10", "write 0 40").lastCommand()).isEqualTo(30);
    assertThat(counts("read 0 10", "write 0 40", "read 0 41").lastCommand()).isEqualTo(30);
    assertThat(
            counts("read 0 1", "write 0 2", "read 0 10", "write 0 40", "write 0 90").lastCommand())
        .isEqualTo(30);
  }

  @Test
  void lastCommand_withoutAnAnswer_saysWhatItFound() {
    assertThatThrownBy(() -> counts("read 0 10").lastCommand())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("expected a command and its answer, found [read 0 10]");
    assertThatThrownBy(() -> counts("write 0 10").lastCommand())
        .isInstanceOf(IllegalStateException.class);
  }

  private static InstructionCounts counts(String... lines) {
    return new InstructionCounts(List.of(lines));
  }
}
