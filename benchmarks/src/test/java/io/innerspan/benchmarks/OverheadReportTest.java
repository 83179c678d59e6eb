package io.innerspan.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OverheadReportTest {
  private static final PairedRound ROUND =
      new PairedRound(new double[] {102, 102}, new double[] {100, 100});

  @Test
  void json_ofFewSamples_hasNoP99() {
    assertThat(OverheadReport.json(cell(new AddedCost(12.345, 0.5, 3904.2), 3)).toString())
        .isEqualTo(
            "{\"benchmark\":\"overhead\",\"config\":\"probes-16\",\"against\":\"unread\","
                + "\"shape\":\"1x128\",\"threads\":1,\"sampling\":\"every-inference\",\"p50_ratio\":1.0200,\"p50_low\":1.0200,"
                + "\"p50_high\":1.0200,\"p99_ratio\":null,\"p99_low\":null,\"p99_high\":null,"
                + "\"added_us\":12.34,\"allocated_bytes\":3904}");
  }

  @Test
  void json_ofAThousandSamples_hasP99() {
    assertThat(OverheadReport.json(cell(null, 500)).toString())
        .contains("\"p99_ratio\":1.0200")
        .endsWith("\"added_us\":null,\"allocated_bytes\":null}");
  }

  private static OverheadCell cell(@Nullable AddedCost added, int rounds) {
    List<PairedRound> all = Collections.nCopies(rounds, ROUND);
    return new OverheadCell(
        Configuration.PROBES_16,
        new Shape(1, 128),
        1,
        OverheadPlan.Sampling.EVERY_INFERENCE,
        List.of(all),
        added);
  }
}
