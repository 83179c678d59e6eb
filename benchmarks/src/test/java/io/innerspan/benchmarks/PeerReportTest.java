package io.innerspan.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerReportTest {
  private static final PairedRound ROUND =
      new PairedRound(new double[] {102, 102}, new double[] {100, 100});

  @Test
  void json_ofFewSamples_hasNoP99() {
    assertThat(PeerReport.json(cell(3)).toString())
        .isEqualTo(
            "{\"benchmark\":\"peer\",\"engine\":\"pytorch\",\"means\":\"hooks\","
                + "\"signals\":\"attention\",\"against\":\"plain\",\"shape\":\"1x128\","
                + "\"threads\":1,\"p50_us\":102.0,\"p50_ratio\":1.0200,\"p50_low\":1.0200,"
                + "\"p50_high\":1.0200,\"p99_ratio\":null,\"p99_low\":null,\"p99_high\":null}");
  }

  @Test
  void json_ofAThousandSamples_hasP99() {
    assertThat(PeerReport.json(cell(500)).toString()).contains("\"p99_ratio\":1.0200");
  }

  private static PeerCell cell(int rounds) {
    return new PeerCell(
        PeerEngine.PYTORCH,
        PeerSignals.ATTENTION,
        new Shape(1, 128),
        List.of(Collections.nCopies(rounds, ROUND)));
  }
}
