package io.innerspan.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DjlReportTest {
  /** Pairs of what was computed and what went by. */
  private static final PairedRound PAIRS =
      new PairedRound(new double[] {102, 150, 102, 150}, new double[] {100, 100, 100, 100});

  @Test
  void json_ofPairs_tellsComputedFromWall() {
    List<Map<DjlConfiguration, List<PairedRound>>> generations =
        Collections.nCopies(
            2, Map.of(DjlConfiguration.PROBES_NORMS, Collections.nCopies(3, PAIRS)));

    assertThat(DjlCell.all(DjlEngine.SCRIPT, new Shape(1, 128), generations))
        .singleElement()
        .extracting(cell -> DjlReport.json(cell).toString())
        .isEqualTo(
            "{\"benchmark\":\"djl\",\"engine\":\"torchscript\",\"config\":\"probes-norms\","
                + "\"against\":\"plain-agent\",\"shape\":\"1x128\",\"samples\":12,"
                + "\"cpu_p50_ratio\":1.0200,\"cpu_p50_low\":1.0200,\"cpu_p50_high\":1.0200,"
                + "\"wall_p50_ratio\":1.5000,\"wall_p50_low\":1.5000,\"wall_p50_high\":1.5000}");
  }

  @Test
  void signals_ofOurs_areFourProbesAndNorms_orAllStatistics() {
    assertThat(DjlConfiguration.PROBES_NORMS.signals()).hasSize(8);
    assertThat(DjlConfiguration.GATED_OFF.signals()).hasSize(4);
    assertThat(DjlConfiguration.AA.signals()).isEmpty();
  }
}
