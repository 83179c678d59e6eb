package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.OutputConfidence.Disagreement;
import io.innerspan.signals.Position;
import io.innerspan.signals.Signal;
import io.innerspan.signals.reference.Tolerance;
import io.innerspan.testing.models.TransformerFixture;
import io.innerspan.testing.models.TransformerFixture.Head;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfidenceGraphTest {
  private static final TransformerFixture CLASSIFIER =
      TransformerFixture.postNorm().withHead(Head.CLASSIFIER);
  private static final TransformerFixture MASKED_LM =
      TransformerFixture.postNorm().withHead(Head.MASKED_LM);

  private static OutputConfidence confidence(
      String id, String output, Position position, double temperature, int answer) {
    @Nullable Disagreement disagreement = answer < 0 ? null : new Disagreement("probe", answer);
    return new OutputConfidence(id, new HookPoint(output), position, temperature, disagreement);
  }

  private static List<Signal> everyPosition(long opset, long id) {
    List<Signal> signals = new ArrayList<>();
    signals.add(confidence("first", "logits", Position.FIRST, 1, -1));
    signals.add(confidence("token", "logits", Position.token(id), 0.5, 7));
    signals.add(confidence("bos", "logits", Position.token(0), 2, -1));
    signals.add(confidence("nowhere", "logits", Position.token(99), 1, 0));
    if (opset >= 10) {
      signals.add(confidence("last", "logits", Position.LAST, 2.5, 0));
    }
    return signals;
  }

  @ParameterizedTest
  @ValueSource(longs = {9, 10, 11, 12, 13, 17, 18, 21, 23})
  void values_anyOperatorSet_equalReference(long opset) throws Exception {
    Batch batch = Batch.random(3, 9, Batch.Padding.BOTH, opset);
    batch.real()[2] = new boolean[9];
    for (Gating gating : List.of(Gating.NONE, Gating.ALL)) {
      Grafted.of(
              CLASSIFIER.spelledOut(opset).bytes(),
              gating,
              List.of(
                  confidence("plain", "logits", Position.FIRST, 1, -1),
                  confidence("warm", "logits", Position.LAST, 1.7, 2)))
          .check(batch, batch.feeds(DataType.INT64), Tolerance.FP32);
      Grafted.of(
              MASKED_LM.spelledOut(opset).bytes(), gating, everyPosition(opset, batch.ids()[0][4]))
          .check(batch, batch.feeds(DataType.INT64), Tolerance.FP32);
    }
  }

  @ParameterizedTest
  @EnumSource(Batch.Padding.class)
  void values_paddingOnAnySide_equalReference(Batch.Padding padding) throws Exception {
    for (int rows : new int[] {1, 3}) {
      Batch batch = Batch.random(rows, 8, padding, 5);
      // An id that only padding has is in none of the row's tokens.
      Grafted grafted =
          Grafted.of(MASKED_LM.bytes(), Gating.NONE, everyPosition(17, batch.ids()[0][7]));
      Ort.Output reading = grafted.check(batch, batch.feeds(DataType.INT64), Tolerance.FP32);
      assertThat(grafted.values(reading, 0, "nowhere")).containsOnly(Float.NaN);
    }
  }

  @Test
  void values_halfPrecision_equalReference() throws Exception {
    Batch batch = Batch.random(3, 8, Batch.Padding.RIGHT, 2);
    Grafted.of(
            MASKED_LM.withType(DataType.FLOAT16).bytes(),
            Gating.NONE,
            everyPosition(17, batch.ids()[0][0]))
        .check(batch, batch.feeds(DataType.INT64), Tolerance.FP16);
  }

  @Test
  void values_knownLogits_areThoseOfTheFormulas() throws Exception {
    float ln3 = (float) Math.log(3);
    float[][] x = {
      {ln3, 0, -200}, {1000, 999, -1000}, {-5e8f, 0, 0}, {0, Float.NEGATIVE_INFINITY, 0}
    };
    Grafted grafted =
        Grafted.of(
            Given.rows(3).bytes(),
            confidence("cold", "y", Position.FIRST, 1, 0),
            confidence("warm", "y", Position.FIRST, 2, 1));
    Ort.Output reading =
        grafted.read(Map.of("x", OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), x)));
    double e = Math.E / (1 + Math.E);
    double[][] expected = {
      {0.75, 0.5, -0.75 * Math.log(0.75) - 0.25 * Math.log(0.25), 0.75},
      {e, 2 * e - 1, -e * Math.log(e) - (1 - e) * Math.log(1 - e), e},
      {0.5, 0, Math.log(2), 0},
      {0.5, 0, Math.log(2), 0.5}
    };
    for (int row = 0; row < x.length; row++) {
      float[] values = grafted.values(reading, row, "cold");
      for (int column = 0; column < 4; column++) {
        assertThat((double) values[column])
            .as("row %s, column %s", row, column)
            .isCloseTo(expected[row][column], within(1e-6));
      }
      assertThat(grafted.tokens(reading, row)).isEqualTo(1);
    }
    double warm = Math.sqrt(3) / (1 + Math.sqrt(3));
    assertThat((double) grafted.values(reading, 0, "warm")[0]).isCloseTo(warm, within(1e-6));
    assertThat((double) grafted.values(reading, 0, "warm")[3]).isCloseTo(1 - warm, within(1e-6));
  }

  @Test
  void values_logitsOfOtherTokensNoNumbers_areUntouched() throws Exception {
    float[][][] x = {{{1, 2}, {5, 3}, {0, 9}}};
    Batch batch = new Batch(new long[1][3], new boolean[][] {{false, true, true}});
    Given model = Given.activations(2);
    Grafted grafted = Grafted.of(model.bytes(), confidence("c", "y", Position.FIRST, 1, -1));
    Ort.Output before = grafted.check(batch, model.feeds(batch, x, x), Tolerance.FP32);
    x[0][0][1] = Float.NaN;
    x[0][2][0] = Float.NaN;
    Ort.Output after = grafted.read(model.feeds(batch, x, x));
    assertThat(after.differentBits(before)).isZero();
  }

  @Test
  void compile_whatCannotBe_isRefusedWithItsReason() throws Exception {
    OnnxModel model = OnnxModelTest.scan(CLASSIFIER.bytes());
    Overlay overlay =
        OverlayCompiler.compile(
            model,
            List.of(
                confidence("answer", "logits", Position.FIRST, 1, 3),
                confidence("pattern", "blocks.0.attn.hook_pattern", Position.FIRST, 1, -1)),
            Set.of());
    assertThat(overlay.refusals()).hasSize(2);
    assertThat(String.valueOf(overlay.refusals().get("answer")))
        .contains("expected at least 4 answers, found 3");
    assertThat(String.valueOf(overlay.refusals().get("pattern")))
        .contains("expected [batch, answers] or [batch, tokens, answers], found [batch, 2, ");
    Overlay withoutMask =
        OverlayCompiler.compile(
            OnnxModelTest.scan(MASKED_LM.withMask(null).bytes()),
            List.of(confidence("c", "logits", Position.FIRST, 1, -1)),
            Set.of());
    assertThat(String.valueOf(withoutMask.refusals().get("c"))).contains("no attention mask");
  }
}
