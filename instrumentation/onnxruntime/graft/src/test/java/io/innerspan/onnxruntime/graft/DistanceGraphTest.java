package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.signals.Floats;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.PopulationDistance;
import io.innerspan.signals.Signal;
import io.innerspan.signals.TokenSelection;
import io.innerspan.signals.reference.Tolerance;
import io.innerspan.testing.models.TransformerFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DistanceGraphTest {
  private static final String FIRST = "blocks.0.hook_normalized_resid_post";
  private static final String SECOND = "blocks.1.hook_normalized_resid_post";
  private static final TransformerFixture MODEL = TransformerFixture.postNorm();

  /** Of rank 3, with components along some of the axes, turned. */
  static PopulationDistance distance(
      String id, String hookPoint, Pooling pooling, TokenSelection tokens, int width) {
    Random random = new Random(id.hashCode());
    float[] mean = new float[width];
    for (int i = 0; i < width; i++) {
      mean[i] = (float) random.nextGaussian();
    }
    float[] components = new float[3 * width];
    float half = (float) Math.sqrt(0.5);
    components[0] = half;
    components[1] = half;
    components[width] = half;
    components[width + 1] = -half;
    components[2 * width + 4] = 1;
    return new PopulationDistance(
        id,
        new HookPoint(hookPoint),
        tokens,
        pooling,
        Floats.of("mean", mean),
        Floats.of("components", components),
        Floats.of("variances", new float[] {2, 0.7f, 0.2f}),
        0.1);
  }

  private static List<Signal> everyPooling(TokenSelection tokens) {
    List<Signal> signals = new ArrayList<>();
    for (String tap : List.of(FIRST, SECOND)) {
      for (Pooling pooling : List.of(Pooling.MEAN, Pooling.LAST, Pooling.CLS)) {
        String id = "d" + signals.size() + "_" + pooling.kind().label();
        signals.add(distance(id, tap, pooling, tokens, 16));
      }
    }
    return signals;
  }

  @ParameterizedTest
  @ValueSource(longs = {10, 11, 12, 13, 18, 23})
  void value_anyOperatorSet_equalsReference(long opset) throws Exception {
    byte[] model = MODEL.spelledOut(opset).bytes();
    Batch batch = Batch.random(3, 9, Batch.Padding.BOTH, opset);
    for (Gating gating : List.of(Gating.NONE, Gating.ALL)) {
      Grafted.of(model, gating, everyPooling(TokenSelection.ALL))
          .check(batch, batch.feeds(DataType.INT64), Tolerance.FP32);
    }
  }

  @Test
  void value_operatorSet9_hasAllButLast() throws Exception {
    byte[] model = MODEL.spelledOut(9).bytes();
    Overlay overlay =
        OverlayCompiler.compile(
            OnnxModelTest.scan(model), everyPooling(TokenSelection.ALL), Set.of());
    assertThat(overlay.refusals()).containsOnlyKeys("d1_last", "d4_last");
    Batch batch = Batch.random(3, 9, Batch.Padding.BOTH, 9);
    Grafted.of(model, Gating.NONE, overlay.signals())
        .check(batch, batch.feeds(DataType.INT64), Tolerance.FP32);
  }

  @ParameterizedTest
  @EnumSource(Batch.Padding.class)
  void value_excludedIds_leaveThoseTokensOut(Batch.Padding padding) throws Exception {
    Batch batch = Batch.random(4, 7, padding, 3);
    TokenSelection few = TokenSelection.excluding(batch.ids()[0][3], batch.ids()[1][3], 1, 2, 3);
    long[] all = new long[TransformerFixture.VOCABULARY];
    for (int id = 0; id < all.length; id++) {
      all[id] = id;
    }
    for (TokenSelection tokens : List.of(few, TokenSelection.excluding(all))) {
      Grafted.of(MODEL.bytes(), Gating.NONE, everyPooling(tokens))
          .check(batch, batch.feeds(DataType.INT64), Tolerance.FP32);
    }
  }

  @Test
  void value_knownCovariance_isMahalanobis() throws Exception {
    PopulationDistance distance =
        new PopulationDistance(
            "d",
            new HookPoint("y"),
            Pooling.MEAN,
            Floats.of("mean", new float[] {1, 1}),
            Floats.of("components", new float[] {1, 0}),
            Floats.of("variances", new float[] {4}),
            1);
    Given model = Given.activations(2);
    Batch batch = new Batch(new long[1][2], new boolean[][] {{true, true}});
    float[][][] x = {{{2, 4}, {4, 2}}}; // Their mean lies (2, 2) from the population's.
    Grafted grafted = Grafted.of(model.bytes(), distance);
    Ort.Output reading = grafted.read(model.feeds(batch, x, x));
    assertThat((double) grafted.values(reading, 0, "d")[0]).isCloseTo(5, within(1e-6));
  }

  @Test
  void value_termsThatNearlyCancel_equalsReference() throws Exception {
    // Along a component of large variance, so that almost nothing remains beside it.
    PopulationDistance distance =
        new PopulationDistance(
            "d",
            new HookPoint("y"),
            Pooling.CLS,
            Floats.of("mean", new float[] {0, 0, 0}),
            Floats.of("components", new float[] {0.6f, 0.8f, 0}),
            Floats.of("variances", new float[] {1e6f}),
            1e-2);
    Given model = Given.activations(3);
    Batch batch = new Batch(new long[1][1], new boolean[][] {{true}});
    float[][][] x = {{{600, 800, 0.125f}}};
    Grafted.of(model.bytes(), distance).check(batch, model.feeds(batch, x, x), Tolerance.FP32);
  }

  @Test
  void value_ofRows_isThatOfTheRow() throws Exception {
    byte[] model = MODEL.withHead(TransformerFixture.Head.CLASSIFIER).bytes();
    PopulationDistance distance =
        new PopulationDistance(
            "d",
            new HookPoint("logits"),
            Pooling.MEAN,
            Floats.of("mean", new float[] {0.5f, 0, -1}),
            Floats.of("components", new float[] {0, 1, 0}),
            Floats.of("variances", new float[] {2}),
            0.5);
    Batch batch = Batch.random(3, 5, Batch.Padding.RIGHT, 3);
    Grafted.of(model, distance).check(batch, batch.feeds(DataType.INT64), Tolerance.FP32);
  }

  @Test
  void compile_otherWidth_isRefused() throws Exception {
    Signal wide = distance("d", FIRST, Pooling.MEAN, TokenSelection.ALL, 17);
    Overlay overlay =
        OverlayCompiler.compile(OnnxModelTest.scan(MODEL.bytes()), List.of(wide), Set.of());
    assertThat(String.valueOf(overlay.refusals().get("d")))
        .contains("expected an activation of width 17, found 16");
  }
}
