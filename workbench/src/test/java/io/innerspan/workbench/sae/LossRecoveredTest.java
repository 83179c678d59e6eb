package io.innerspan.workbench.sae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.TokenSelection;
import io.innerspan.testing.models.InductionHead;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.TokenIds;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reinsertion into a decoder of which every answer is known. */
class LossRecoveredTest {
  private static final int WIDTH = 64;

  @TempDir private Path folder;
  private OnnxTextModel model;
  private final List<TokenIds> texts = new ArrayList<>();
  private final float[] mean = new float[WIDTH];

  @BeforeEach
  void open() throws Exception {
    model = OnnxTextModel.open(InductionHead.model().write(folder));
    Random random = new Random(1);
    for (int i = 0; i < 20; i++) {
      int a = 1 + random.nextInt(7);
      int b = 8 + random.nextInt(7);
      long[] ids = {0, a, b, a, b, a, b, a, b, a, b, a, b, a, b};
      texts.add(
          new TokenIds(
              ids,
              new long[ids.length],
              new boolean[ids.length],
              new int[ids.length],
              new int[ids.length]));
    }
    for (int d = 0; d < WIDTH; d++) {
      mean[d] = random.nextFloat();
    }
  }

  @Test
  void crossEntropy_identityRecoversAll_theMeanNothing() {
    LossRecovered identity = measured(LossRecovered.Measure.CROSS_ENTROPY, x -> x);
    assertThat(identity.reconstructed()).isEqualTo(identity.original());
    assertThat(identity.recoveredFromMean()).isEqualTo(1);
    assertThat(identity.recoveredFromZero()).isEqualTo(1);
    // Zeros leave sixteen even answers.
    assertThat(identity.zero()).isCloseTo(Math.log(16), within(1e-5));
    // What follows is known from the second "a" on.
    assertThat(identity.original()).isLessThan(identity.zero() - .5);

    LossRecovered nothing = measured(LossRecovered.Measure.CROSS_ENTROPY, this::means);
    assertThat(nothing.reconstructed()).isEqualTo(nothing.mean());
    assertThat(nothing.recoveredFromMean()).isEqualTo(0);

    LossRecovered zeros = measured(LossRecovered.Measure.CROSS_ENTROPY, x -> new float[x.length]);
    assertThat(zeros.recoveredFromZero()).isEqualTo(0);
  }

  @Test
  void kl_identityLosesNothing_halfLosesSome() {
    // The answers are named logits: KL is what is measured unless another is asked for.
    LossRecovered identity = measured(null, x -> x);
    assertThat(identity.measure()).isEqualTo(LossRecovered.Measure.KL);
    assertThat(identity.original()).isCloseTo(0, within(1e-9));
    assertThat(identity.recoveredFromMean()).isEqualTo(1);

    LossRecovered half =
        measured(
            null,
            x -> {
              float[] halved = x.clone();
              for (int i = 0; i < halved.length; i++) {
                halved[i] /= 2;
              }
              return halved;
            });
    assertThat(half.recoveredFromZero()).isBetween(.1, .99);
  }

  private float[] means(float[] x) {
    float[] means = new float[x.length];
    for (int i = 0; i < means.length; i++) {
      means[i] = mean[i % WIDTH];
    }
    return means;
  }

  private LossRecovered measured(
      LossRecovered.Measure measure, UnaryOperator<float[]> reconstruct) {
    return LossRecovered.of(
        model,
        new HookPoint("blocks.1.hook_resid_post"),
        "logits",
        measure,
        reconstruct,
        mean,
        TokenSelection.ALL,
        texts,
        new Progress(new PrintWriter(Writer.nullWriter())).count("texts", texts.size()));
  }
}
