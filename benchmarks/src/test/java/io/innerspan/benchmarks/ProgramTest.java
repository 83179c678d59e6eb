package io.innerspan.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProgramTest {
  /** Answers each command with what it says itself, times a thousand. */
  private static final String ECHO =
      "while read -r line; do echo \"$line\" | awk '{for (i = 1; i <= NF; i++) printf \"%d \", $i * 1000;"
          + " print \"\"}'; done";

  @Test
  void beside_givesEachItsNumbers_runByRun() throws Exception {
    // The answer to "1 2 1 3 5 6", taken as the numbers of three runs of two sessions.
    PairedRound round = round(3);
    assertThat(round.candidate()).containsExactly(1, 1, 5);
    assertThat(round.baseline()).containsExactly(2, 3, 6);
  }

  @Test
  void beside_ofPairsOfNumbers_keepsThemTogether() throws Exception {
    // The answer to "1 2 1 1 5 6": three numbers of each session.
    PairedRound round = round(1);
    assertThat(round.candidate()).containsExactly(1, 2, 1);
    assertThat(round.baseline()).containsExactly(1, 5, 6);
  }

  private static PairedRound round(int runs) throws Exception {
    try (Child child = new Child("echo", List.of("sh", "-c", ECHO))) {
      return new Program(child, 5).beside(new Program(child, 6), new Shape(1, 2), 1, runs);
    }
  }
}
