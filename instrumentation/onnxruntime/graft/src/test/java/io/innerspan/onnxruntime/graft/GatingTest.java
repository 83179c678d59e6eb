package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.Pooling;
import io.innerspan.signals.Signal;
import io.innerspan.signals.TokenSelection;
import io.innerspan.signals.pack.ModelIdentity;
import io.innerspan.signals.pack.PackBuilder;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.pack.Sampling;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatingTest {
  private static final String TAP = "blocks.0.hook_resid_post";

  @Test
  void byCost_gatesAllButNormsAndLinearProbesOfFewSteps() {
    assertThat(Gating.BY_COST.isGated(Signals.probe("p", TAP, Pooling.MEAN, 8))).isFalse();
    for (Pooling pooling : Signals.POOLINGS) {
      boolean ofManySteps =
          List.of(Pooling.Kind.EMA, Pooling.Kind.ROLLING_MAX).contains(pooling.kind());
      Signal probe = Signals.probe("p", TAP, pooling, 8);
      assertThat(Gating.BY_COST.isGated(probe)).as(pooling.toString()).isEqualTo(ofManySteps);
      assertThat(SignalCost.of(probe))
          .isEqualTo(ofManySteps ? SignalCost.CHEAP : SignalCost.TRIVIAL);
    }
    assertThat(Gating.BY_COST.isGated(Signals.norm("n", TAP))).isFalse();
    assertThat(Signals.heads(8, TAP)).allMatch(Gating.BY_COST::isGated);
    assertThat(Gating.BY_COST.isGated(SummaryGraphTest.all("s", TAP, null))).isTrue();
  }

  @Test
  void honouring_aPackThatWantsASignalAlways_leavesItOpen() {
    Signal wanted = SummaryGraphTest.all("wanted", TAP, null);
    Signal other = SummaryGraphTest.all("other", TAP, null);
    Signal distance = DistanceGraphTest.distance("d", TAP, Pooling.MEAN, TokenSelection.ALL, 8);
    ProbePack pack =
        builder("a").signal(wanted).signal(other).sampling("wanted", Sampling.ALWAYS).build();
    ProbePack second = builder("b").signal(distance).sampling("d", Sampling.ALWAYS).build();
    for (Gating base : List.of(Gating.BY_COST, Gating.ALL)) {
      Gating gating = base.honouring(List.of(pack, second));
      assertThat(gating.isGated(wanted)).isFalse();
      assertThat(gating.isGated(distance)).isFalse();
      assertThat(gating.isGated(other)).isTrue();
    }
    Signal probe = Signals.probe("p", TAP, Pooling.MEAN, 8);
    assertThat(Gating.BY_COST.honouring(List.of(pack)).isGated(probe)).isFalse();
    assertThat(Gating.ALL.honouring(List.of(pack)).isGated(probe)).isTrue();
  }

  private static PackBuilder builder(String name) {
    return ProbePack.builder(name, "1.0.0", "MIT", new ModelIdentity("m", "ab".repeat(32), null));
  }
}
