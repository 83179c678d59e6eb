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
                + "\"against\":\"unread\",\"shape\":\"1x128\",\"samples\":12,"
                + "\"against_cpu_us\":100.0,\"added_cpu_us\":2.0,"
                + "\"added_cpu_us_low\":2.0,\"added_cpu_us_high\":2.0,"
                + "\"cpu_p50_ratio\":1.0200,\"cpu_p50_low\":1.0200,\"cpu_p50_high\":1.0200,"
                + "\"wall_p50_ratio\":1.5000,\"wall_p50_low\":1.5000,\"wall_p50_high\":1.5000}");
  }

  @Test
  void signals_ofOurs_areFourProbesAndNorms_orAllStatistics() {
    assertThat(DjlConfiguration.PROBES_NORMS.signals()).hasSize(8);
    assertThat(DjlConfiguration.GATED_OFF.signals()).hasSize(4);
    assertThat(DjlConfiguration.AA.signals()).isEmpty();
    assertThat(DjlConfiguration.AGENT_ONLY.signals()).isEmpty();
  }

  @Test
  void json_ofAJvm_comparesWithThePlainAgent() {
    List<Map<DjlConfiguration, List<PairedRound>>> generations =
        List.of(Map.of(DjlConfiguration.AGENT_ONLY, List.of(PAIRS)));

    assertThat(DjlCell.all(DjlEngine.BLOCKS, new Shape(1, 2), generations))
        .singleElement()
        .extracting(DjlReport::json)
        .satisfies(
            line -> {
              assertThat(line.get("against").getAsString()).isEqualTo("plain-agent");
              assertThat(line.get("shape").getAsString()).isEqualTo("1x2");
            });
  }

  @Test
  void plans_warmUpBeyondTheCompilersThreshold_andCompareWithAandA() {
    for (DjlPlan plan : List.of(DjlPlan.FULL, DjlPlan.QUICK)) {
      // HotSpot compiles with its last compiler what was called 5,000 times.
      assertThat(plan.warmUp().predictions()).isGreaterThan(5_000);
    }
    assertThat(DjlConfiguration.JVMS).contains(DjlConfiguration.AA);
    assertThat(DjlConfiguration.PREDICTORS).contains(DjlConfiguration.UNREAD_AA);
  }
}
