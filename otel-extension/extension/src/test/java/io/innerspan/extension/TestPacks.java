package io.innerspan.extension;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.ModelIdentity;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.safetensors.Tensor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Packs of one probe with one golden input of two rows, whose logits are 0.5 and −2. */
final class TestPacks {
  static final float[] GOLDEN_LOGITS = {0.5f, -2};

  private static final HookPoint PLACE = new HookPoint("blocks.1.hook_normalized_resid_post");

  static LinearProbe probe(String id) {
    return new LinearProbe(
        id, PLACE, Pooling.MEAN, new float[] {1}, 0, new Calibration.None(), null, "yes", "no");
  }

  static ActivationSummary norm(String id) {
    return ActivationSummary.norm(id, PLACE);
  }

  static ProbePack pack(String probeId, String modelSha256, @Nullable String structure) {
    return ProbePack.builder(
            "pack-of-" + probeId,
            "1.0.0",
            "Apache-2.0",
            new ModelIdentity("tiny", modelSha256, structure))
        .probe(
            probe(probeId),
            Tensor.ofFloats(new float[] {1}, 1, 1),
            Tensor.ofFloats(new float[] {1}))
        .goldenInput(
            new GoldenInput(
                Map.of("input_ids", Tensor.ofLongs(new long[] {5, 6, 7, 8, 9, 10}, 2, 3)),
                Map.of(probeId, Tensor.ofFloats(GOLDEN_LOGITS))))
        .build();
  }

  private TestPacks() {}
}
