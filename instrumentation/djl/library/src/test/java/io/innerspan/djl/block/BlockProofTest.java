package io.innerspan.djl.block;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.innerspan.djl.Gating;
import io.innerspan.djl.fixtures.Batch;
import io.innerspan.djl.fixtures.BlockTransformer;
import io.innerspan.djl.fixtures.GoldenPacks;
import io.innerspan.djl.fixtures.TestSignals;
import io.innerspan.djl.fixtures.Torch;
import io.innerspan.djl.golden.GoldenProof;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.reference.ReferenceProbe;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.testing.models.TransformerFixture;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BlockProofTest {
  private static final LinearProbe PROBE =
      TestSignals.probe("probe", new HookPoint("02layer"), TransformerFixture.WIDTH);
  private static final Batch ROW = Batch.random(1, 5, 3);

  private final NDManager weights = Torch.manager();
  private final BlockTransformer model =
      new BlockTransformer(weights, TransformerFixture.postNorm());

  @AfterEach
  void close() {
    weights.close();
  }

  private double logit() {
    try (NDManager manager = Torch.manager()) {
      NDArray layer = model.run(ROW.inputs(manager), null).get(1);
      return ReferenceProbe.logit(
          PROBE, Torch.row(layer, 0), new boolean[] {true, true, true, true, true});
    }
  }

  private static ProbePack pack(String ids, String mask, long[] row, double logit) {
    Map<String, Tensor> inputs =
        Map.of(ids, Tensor.ofLongs(row, 1, 5), mask, Tensor.ofLongs(ROW.mask()[0], 1, 5));
    return GoldenPacks.of(PROBE).goldenInput(GoldenPacks.input(inputs, PROBE, logit)).build();
  }

  private static ProbePack pack(double logit) {
    return pack("0:input_ids", "1:attention_mask", ROW.ids()[0], logit);
  }

  private GoldenProof prove(ProbePack pack) {
    try (BlockPlan plan = BlockPlan.of(model, pack.signals(), Gating.none());
        NDManager near = Torch.manager()) {
      assertThat(plan.refusals()).isEmpty();
      BlockProof live =
          new BlockProof(
              plan, near, (capture, inputs) -> capture.finish(model.run(inputs, capture)));
      GoldenProof proof = GoldenProof.of(List.of(pack), plan.layout(), live);
      assertThat(near.getManagedArrays()).isEmpty();
      return proof;
    }
  }

  @Test
  void pack_thatIsRight_agrees() {
    assertThat(prove(pack(logit())).agrees()).isTrue();
  }

  @Test
  void pack_withAnotherLogit_isContradicted() {
    assertThat(prove(pack(logit() + 0.5)).contradictions().get("probe 1.0.0"))
        .startsWith("golden input 0: probe probe, row 0: expected logit ");
  }

  @Test
  void pack_withNamesThatTheBlockDoesNotDeclare_isContradicted() {
    ProbePack pack = pack("input_ids", "attention_mask", ROW.ids()[0], logit());
    assertThat(prove(pack).contradictions().get("probe 1.0.0"))
        .startsWith(
            "golden input 0: expected a reading, found: inputs [attention_mask, input_ids] where"
                + " the block declares no names");
  }

  @Test
  void pack_withAnInputThatTheModelDoesNotTake_isContradicted() {
    long[] unknown = {1, 2, 3, 4, TransformerFixture.VOCABULARY};
    ProbePack pack = pack("0:input_ids", "1:attention_mask", unknown, logit());
    assertThat(prove(pack).contradictions().get("probe 1.0.0"))
        .startsWith("golden input 0: expected a reading, found: ai.djl.engine.EngineException");
  }

  @Test
  void pack_withoutANameForTheMask_hasNoTokens() {
    GoldenProof proof = prove(pack("0", "1", ROW.ids()[0], logit()));
    assertThat(proof.contradictions()).isEmpty();
    assertThat(proof.misfits().get("probe").detail())
        .contains("no attention mask", "(golden input 0)");
  }

  @Test
  void blockThatIsNotObserved_isContradicted() {
    ProbePack pack = pack(logit());
    try (BlockPlan plan = BlockPlan.of(model, pack.signals(), Gating.none())) {
      BlockProof unobserved = new BlockProof(plan, weights, (capture, inputs) -> null);
      assertThat(GoldenProof.of(List.of(pack), plan.layout(), unobserved).contradictions())
          .containsEntry(
              "probe 1.0.0",
              "golden input 0: expected a reading, found: a block that is not observed");
    }
  }
}
