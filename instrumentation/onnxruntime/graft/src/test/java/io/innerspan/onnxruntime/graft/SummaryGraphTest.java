package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.ActivationSummary.Statistic;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Signal;
import io.innerspan.signals.TokenSelection;
import io.innerspan.signals.reference.Tolerance;
import io.innerspan.testing.models.TransformerFixture;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SummaryGraphTest {
  private static final String FIRST = "blocks.0.hook_normalized_resid_post";
  private static final String SECOND = "blocks.1.hook_normalized_resid_post";
  private static final TransformerFixture MODEL = TransformerFixture.postNorm();

  private static ActivationSummary summary(String id, String hookPoint, Statistic... statistics) {
    return new ActivationSummary(id, new HookPoint(hookPoint), null, Set.of(statistics));
  }

  static ActivationSummary all(String id, String hookPoint, @Nullable String previous) {
    return all(id, hookPoint, previous, TokenSelection.ALL);
  }

  private static ActivationSummary all(
      String id, String hookPoint, @Nullable String previous, TokenSelection tokens) {
    EnumSet<Statistic> statistics = EnumSet.allOf(Statistic.class);
    if (previous == null) {
      statistics.remove(Statistic.COSINE_TO_PREVIOUS);
    }
    return new ActivationSummary(
        id,
        new HookPoint(hookPoint),
        previous == null ? null : new HookPoint(previous),
        tokens,
        statistics);
  }

  /** Signals that share activations and statistics in part. */
  private static List<Signal> mixed() {
    return List.of(
        all("second", SECOND, FIRST),
        summary("norm", FIRST, Statistic.L2_NORM),
        summary("some", FIRST, Statistic.KURTOSIS, Statistic.MEAN),
        all("first", FIRST, null),
        summary("share", SECOND, Statistic.LARGEST_SHARE),
        all("again", SECOND, "blocks.0.hook_resid_pre"));
  }

  @ParameterizedTest
  @ValueSource(longs = {9, 10, 11, 12, 13, 17, 18, 21, 23})
  void values_anyOperatorSet_equalReference(long opset) throws Exception {
    byte[] model = MODEL.spelledOut(opset).bytes();
    Batch batch = Batch.random(3, 9, Batch.Padding.BOTH, opset);
    for (Gating gating : List.of(Gating.NONE, Gating.BY_COST)) {
      Grafted.of(model, gating, mixed()).check(batch, batch.feeds(DataType.INT64), Tolerance.FP32);
    }
  }

  @ParameterizedTest
  @EnumSource(Batch.Padding.class)
  void values_paddingOnAnySide_equalReference(Batch.Padding padding) throws Exception {
    Grafted grafted = Grafted.of(MODEL.bytes(), Gating.NONE, mixed());
    for (int rows : new int[] {1, 3}) {
      Batch batch = Batch.random(rows, 12, padding, rows);
      grafted.check(batch, batch.feeds(DataType.INT64), Tolerance.FP32);
    }
  }

  @Test
  void values_paddingBetweenAndARowOfIt_equalReference() throws Exception {
    Batch batch = Batch.random(3, 6, Batch.Padding.RIGHT, 4);
    batch.real()[0] = new boolean[] {false, true, false, true, true, false};
    batch.real()[1] = new boolean[6];
    Grafted.of(MODEL.bytes(), Gating.NONE, mixed())
        .check(batch, batch.feeds(DataType.INT64), Tolerance.FP32);
  }

  @Test
  void values_halfPrecision_equalReference() throws Exception {
    Batch batch = Batch.random(3, 8, Batch.Padding.RIGHT, 2);
    Grafted.of(MODEL.withType(DataType.FLOAT16).bytes(), Gating.NONE, mixed())
        .check(batch, batch.feeds(DataType.INT64), Tolerance.FP16);
  }

  @ParameterizedTest
  @ValueSource(longs = {9, 17})
  void values_excludedIds_leaveThoseTokensOut(long opset) throws Exception {
    Batch batch = Batch.random(3, 9, Batch.Padding.LEFT, 6);
    long last = batch.ids()[0][8];
    List<Signal> signals = new ArrayList<>(mixed());
    signals.add(all("without", SECOND, FIRST, TokenSelection.excluding(last)));
    signals.add(all("few", SECOND, FIRST, TokenSelection.excluding(0, 1, 2, 3, 4, 5, 6, last)));
    signals.add(all("none", SECOND, FIRST, TokenSelection.excluding(range(40))));
    Grafted grafted = Grafted.of(MODEL.spelledOut(opset).bytes(), Gating.NONE, signals);
    Ort.Output reading = grafted.check(batch, batch.feeds(DataType.INT64), Tolerance.FP32);
    assertThat(grafted.values(reading, 0, "none")).containsOnly(Float.NaN);
    assertThat(grafted.values(reading, 0, "without"))
        .isNotEqualTo(grafted.values(reading, 0, "second"));
  }

  private static long[] range(int end) {
    long[] ids = new long[end];
    for (int id = 0; id < end; id++) {
      ids[id] = id;
    }
    return ids;
  }

  @Test
  void values_knownActivations_areThoseOfTheFormulas() throws Exception {
    float[][][] x = {{{3, 0, 0, 0}, {1, 1, 1, 1}, {9, 9, 9, 9}}};
    float[][][] before = {{{1, 1, 0, 0}, {2, 2, 2, 2}, {0, 0, 0, 0}}};
    Batch batch = new Batch(new long[1][3], new boolean[][] {{true, true, false}});
    Given model = Given.activations(4);
    Grafted grafted =
        Grafted.of(
            model.bytes(),
            new ActivationSummary(
                "known",
                new HookPoint("y"),
                new HookPoint("y_before"),
                Set.of(
                    Statistic.L2_NORM,
                    Statistic.MEAN,
                    Statistic.SPARSITY,
                    Statistic.LARGEST_SHARE,
                    Statistic.COSINE_TO_PREVIOUS)));
    Ort.Output reading = grafted.read(model.feeds(batch, x, before));
    float[] values = grafted.values(reading, 0, "known");
    double[] expected = {
      (3 + 2) / 2.0, (0.75 + 1) / 2, 0.5, (1 + 0.25) / 2, (Math.sqrt(.5) + 1) / 2
    };
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) values[i]).isCloseTo(expected[i], within(1e-6));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 10, 100, 1000})
  void values_farFromZero_equalReference(double mean) throws Exception {
    Random random = new Random(3);
    float[][][] x = new float[2][5][384];
    float[][][] before = new float[2][5][384];
    for (int row = 0; row < 2; row++) {
      for (int token = 0; token < 5; token++) {
        for (int i = 0; i < 384; i++) {
          double skewed = Math.exp(random.nextGaussian());
          x[row][token][i] = (float) (mean + skewed);
          before[row][token][i] = (float) random.nextGaussian();
        }
      }
    }
    Batch batch = Batch.random(2, 5, Batch.Padding.BOTH, 1);
    Given model = Given.activations(384);
    Grafted.of(model.bytes(), all("far", "y", "y_before"))
        .check(batch, model.feeds(batch, x, before), Tolerance.FP32);
  }

  @Test
  void values_paddingOfNoNumberOrZero_areUntouched() throws Exception {
    float[][][] x = {{{1, 2, 3, 4}, {4, 3, 2, 2}, {0, 0, 0, 0}}};
    Batch batch = new Batch(new long[1][3], new boolean[][] {{true, true, false}});
    Given model = Given.activations(4);
    Grafted grafted = Grafted.of(model.bytes(), all("all", "y", "y_before"));
    grafted.check(batch, model.feeds(batch, x, x), Tolerance.FP32);
    x[0][2][1] = Float.NaN;
    x[0][2][2] = Float.POSITIVE_INFINITY;
    grafted.check(batch, model.feeds(batch, x, x), Tolerance.FP32);
  }

  @Test
  void values_zeroActivation_lackWhatDividesByIt() throws Exception {
    float[][][] x = {{{1, 2, 3, 4}, {0, 0, 0, 0}}};
    Batch batch = new Batch(new long[1][2], new boolean[][] {{true, true}});
    Given model = Given.activations(4);
    Grafted grafted = Grafted.of(model.bytes(), all("all", "y", "y_before"));
    Ort.Output reading = grafted.check(batch, model.feeds(batch, x, x), Tolerance.FP32);
    assertThat(grafted.values(reading, 0, "all")[0]).isFinite();
  }

  @Test
  void values_widthsThatDiffer_areWhereTheirSignalsAre() throws Exception {
    TransformerFixture model = MODEL.withHead(TransformerFixture.Head.MASKED_LM);
    Batch batch = Batch.random(3, 7, Batch.Padding.RIGHT, 2);
    Grafted.of(model.bytes(), all("wide", "logits", null), all("narrow", FIRST, null))
        .check(batch, batch.feeds(DataType.INT64), Tolerance.FP32);
  }

  @Test
  void values_activationOfRows_areTheRows() throws Exception {
    TransformerFixture model = MODEL.withHead(TransformerFixture.Head.CLASSIFIER);
    Batch batch = Batch.random(3, 7, Batch.Padding.RIGHT, 2);
    Grafted.of(model.bytes(), all("rows", "logits", null), all("tokens", FIRST, null))
        .check(batch, batch.feeds(DataType.INT64), Tolerance.FP32);
  }

  @Test
  void compile_previousOfAnotherWidth_isRefused() throws Exception {
    TransformerFixture model = MODEL.withHead(TransformerFixture.Head.MASKED_LM);
    Overlay overlay =
        OverlayCompiler.compile(
            OnnxModelTest.scan(model.bytes()), List.of(all("s", FIRST, "logits")), Set.of());
    assertThat(String.valueOf(overlay.refusals().get("s")))
        .contains("expected an activation of width 16, found 40");
  }

  @Test
  void compile_idsThatTheModelDoesNotTake_isRefused() throws Exception {
    ActivationSummary without = all("s", FIRST, null, TokenSelection.excluding(1));
    ModelProto.Builder model = MODEL.model().toBuilder();
    model.getGraphBuilder().getInputBuilder(0).setName("words");
    model.getGraphBuilder().getNodeBuilderList().stream()
        .filter(node -> node.getInputList().contains("input_ids"))
        .forEach(node -> node.setInput(node.getInputList().indexOf("input_ids"), "words"));
    Overlay overlay =
        OverlayCompiler.compile(
            OnnxModelTest.scan(model.build().toByteArray()), List.of(without), Set.of());
    assertThat(String.valueOf(overlay.refusals().get("s"))).contains("no token ids");
  }
}
