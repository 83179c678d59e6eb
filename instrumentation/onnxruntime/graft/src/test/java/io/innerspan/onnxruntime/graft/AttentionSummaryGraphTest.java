package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.signals.AttentionSummary;
import io.innerspan.signals.AttentionSummary.Statistic;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Signal;
import io.innerspan.signals.TokenSelection;
import io.innerspan.signals.reference.Tolerance;
import io.innerspan.testing.models.InductionAnswers;
import io.innerspan.testing.models.InductionHead;
import io.innerspan.testing.models.TransformerFixture;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttentionSummaryGraphTest {
  private static final String FIRST = "blocks.0.attn.hook_pattern";
  private static final String SECOND = "blocks.1.attn.hook_pattern";
  private static final TransformerFixture MODEL = TransformerFixture.postNorm();

  static AttentionSummary summary(String id, String hookPoint, int heads) {
    return new AttentionSummary(id, new HookPoint(hookPoint), heads, true);
  }

  private static AttentionSummary without(String id, String hookPoint, long... ids) {
    return new AttentionSummary(
        id, new HookPoint(hookPoint), TokenSelection.excluding(ids), 2, true);
  }

  @ParameterizedTest
  @ValueSource(longs = {9, 10, 11, 12, 13, 17, 18, 21, 23})
  void values_anyOperatorSet_equalReference(long opset) throws Exception {
    byte[] model = MODEL.spelledOut(opset).bytes();
    Batch batch = Batch.random(3, 9, Batch.Padding.BOTH, opset);
    List<Signal> signals = List.of(summary("a", FIRST, 2), summary("b", SECOND, 2));
    for (Gating gating : List.of(Gating.NONE, Gating.BY_COST)) {
      Grafted.of(model, gating, signals).check(batch, batch.feeds(DataType.INT64), Tolerance.FP32);
    }
  }

  @ParameterizedTest
  @EnumSource(Batch.Padding.class)
  void values_paddingOnAnySide_equalReference(Batch.Padding padding) throws Exception {
    for (int rows : new int[] {1, 3}) {
      Batch batch = Batch.random(rows, 10, padding, 7);
      long some = batch.ids()[0][5];
      Grafted.of(
              MODEL.bytes(),
              summary("a", FIRST, 2),
              without("b", FIRST, some),
              without("c", SECOND, 1, 2, 3, 4, 5, 6, 7, 8, 9, some),
              summary("d", SECOND, 2))
          .check(batch, batch.feeds(DataType.INT64), Tolerance.FP32);
    }
  }

  @Test
  void values_paddingBetweenAndARowOfIt_equalReference() throws Exception {
    Batch batch = Batch.random(3, 6, Batch.Padding.RIGHT, 4);
    batch.real()[0] = new boolean[] {false, true, false, true, true, false};
    batch.real()[1] = new boolean[6];
    Grafted.of(MODEL.bytes(), summary("a", FIRST, 2))
        .check(batch, batch.feeds(DataType.INT64), Tolerance.FP32);
  }

  @Test
  void values_halfPrecision_equalReference() throws Exception {
    Batch batch = Batch.random(3, 8, Batch.Padding.RIGHT, 2);
    Grafted.of(MODEL.withType(DataType.FLOAT16).bytes(), summary("a", SECOND, 2))
        .check(batch, batch.feeds(DataType.INT64), Tolerance.FP16);
  }

  /** What each head attends to is known by construction: no reference is asked. */
  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void values_inductionHeads_areThoseOfTheConstruction(int padding) throws Exception {
    List<Integer> row = List.of(0, 5, 9, 3, 5, 9, 7, 3);
    InductionAnswers answers = new InductionAnswers(row);
    long[][] ids = new long[1][padding + row.size() + padding];
    boolean[][] real = new boolean[1][ids[0].length];
    for (int token = 0; token < row.size(); token++) {
      ids[0][padding + token] = row.get(token);
      real[0][padding + token] = true;
    }
    Grafted grafted =
        Grafted.of(
            InductionHead.model().bytes(), summary("l0", FIRST, 4), summary("l1", SECOND, 4));
    Ort.Output reading = grafted.read(new Batch(ids, real).feeds(DataType.INT64));
    for (int layer = 0; layer < 2; layer++) {
      float[] values = grafted.values(reading, 0, "l" + layer);
      AttentionSummary summary = summary("l", FIRST, 4);
      for (int head = 0; head < 4; head++) {
        int l = layer;
        int h = head;
        assertMean(
            row, q -> answers.entropy(l, h, q), values[summary.column(Statistic.ENTROPY, h)]);
        assertMean(
            row,
            q -> answers.sinkShare(l, h, q),
            values[summary.column(Statistic.FIRST_TOKEN_SHARE, h)]);
        assertMean(
            row,
            q -> answers.distance(l, h, q),
            values[summary.column(Statistic.MEAN_DISTANCE, h)]);
      }
    }
  }

  private static void assertMean(List<Integer> row, ToDoubleFunction<Integer> each, float found) {
    double sum = 0;
    for (int query = 0; query < row.size(); query++) {
      sum += each.applyAsDouble(query);
    }
    assertThat((double) found).isCloseTo(sum / row.size(), within(1e-5));
  }

  @Test
  void values_paddingOfNoNumbers_areUntouched() throws Exception {
    float[][][][] x = {{{{.5f, .5f, 0}, {0, 1, 0}, {.2f, .3f, .5f}}}};
    Batch batch = new Batch(new long[1][3], new boolean[][] {{true, true, false}});
    Grafted grafted = Grafted.of(Given.attention(1).bytes(), summary("a", "y", 1));
    Map<String, OnnxTensor> feeds = batch.feeds(DataType.INT64);
    feeds.put("x", OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), x));
    Ort.Output before = grafted.check(batch, feeds, Tolerance.FP32);
    assertThat((double) grafted.values(before, 0, "a")[0]).isCloseTo(Math.log(2) / 2, within(1e-6));
    Arrays.fill(x[0][0][2], Float.NaN); // A query that may look at nothing.
    feeds.put("x", OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), x));
    assertThat(grafted.read(feeds).differentBits(before)).isZero();
  }

  @Test
  void compile_whatCannotBe_isRefusedWithItsReason() throws Exception {
    Overlay overlay =
        OverlayCompiler.compile(
            OnnxModelTest.scan(MODEL.bytes()),
            List.of(
                summary("heads", FIRST, 3),
                summary("place", "blocks.0.hook_resid_pre", 2),
                new AttentionSummary("fused", new HookPoint(FIRST), 2, false)),
            Set.of());
    assertThat(overlay.refusals()).hasSize(3);
    assertThat(String.valueOf(overlay.refusals().get("heads")))
        .contains("expected 3 heads, found 2");
    assertThat(String.valueOf(overlay.refusals().get("place")))
        .contains("expected [batch, heads, tokens, tokens], found [batch, ");
    assertThat(String.valueOf(overlay.refusals().get("fused"))).contains("fused");
  }
}
