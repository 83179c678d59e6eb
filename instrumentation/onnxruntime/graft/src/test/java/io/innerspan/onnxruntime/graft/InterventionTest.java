package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.innerspan.onnxruntime.graft.Intervention.Ablate;
import io.innerspan.onnxruntime.graft.Intervention.Patch;
import io.innerspan.onnxruntime.graft.Intervention.Steer;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.testing.models.TransformerFixture;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What interventions do, where the answer is known. */
class InterventionTest {
  private static final float[][][] X = {{{1, 2, 3, 4}, {5, 6, 7, 8}}};

  private static Map<String, OnnxTensor> x() throws OrtException {
    return Map.of("x", OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), X));
  }

  private static Map<String, OnnxTensor> ab(float a, float b) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    return Map.of(
        "left", OnnxTensor.createTensor(environment, new float[][] {{a}}),
        "right", OnnxTensor.createTensor(environment, new float[][] {{b}}));
  }

  @Test
  void ablate_oneHead_leavesTheOther() throws Exception {
    Site z = Site.replace("blocks.0.attn.hook_z");
    InterventionRuns runs = InterventionRuns.of(HandMadeModels.averagingAttention(), z);
    assertThat(runs.graph().refusals()).isEmpty();
    assertThat(runs.run(x()).get("y").values()).containsExactly(4, 6, 8, 10, 8, 10, 12, 14);
    assertThat(runs.run(x(), Ablate.zero(z, Selection.all().heads(2, 0))).get("y").values())
        .containsExactly(1, 2, 8, 10, 5, 6, 12, 14);
    assertThat(runs.run(x(), Ablate.zero(z, Selection.all().heads(2, 1))).get("y").values())
        .containsExactly(4, 6, 3, 4, 8, 10, 7, 8);
    assertThat(
            runs.run(x(), Ablate.zero(z, Selection.all().heads(2, 1).positions(2, 0)))
                .get("y")
                .values())
        .containsExactly(4, 6, 3, 4, 8, 10, 12, 14);
    assertThat(
            runs.run(x(), new Ablate(z, Selection.all(), new float[] {10, 20})).get("y").values())
        .containsExactly(11, 22, 13, 24, 15, 26, 17, 28);
  }

  @Test
  void patch_attentionPattern_attendsAsTold() throws Exception {
    Site pattern = Site.replace("blocks.0.attn.hook_pattern");
    InterventionRuns runs = InterventionRuns.of(HandMadeModels.averagingAttention(), pattern);
    float[] self = {1, 0, 0, 1};
    long[] shape = {1, 1, 2, 2};
    assertThat(runs.run(x(), new Patch(pattern, Selection.all(), self, shape)).get("y").values())
        .containsExactly(2, 4, 6, 8, 10, 12, 14, 16);
    Patch oneHead = new Patch(pattern, Selection.all().heads(2, 1), self, shape);
    assertThat(runs.run(x(), oneHead).get("y").values()).containsExactly(4, 6, 6, 8, 8, 10, 14, 16);
    Patch oneQuery = new Patch(pattern, Selection.all().positions(2, 0), self, shape);
    assertThat(runs.run(x(), oneQuery).get("y").values())
        .containsExactly(2, 4, 6, 8, 8, 10, 12, 14);
  }

  @Test
  void steer_headAndPosition_addsThereOnly() throws Exception {
    Site z = Site.add("blocks.0.attn.hook_z");
    InterventionRuns runs = InterventionRuns.of(HandMadeModels.averagingAttention(), z);
    Selection where = Selection.all().heads(2, 0).positions(2, 1);
    float[] y = runs.run(x(), new Steer(z, where, 0.5f, new float[] {2, 8})).get("y").values();
    assertThat(y).containsExactly(4, 6, 8, 10, 9, 14, 12, 14);
  }

  @Test
  void patch_linearModel_hasTheKnownEffects() throws Exception {
    Site a = Site.replace("a");
    Site b = Site.replace("b");
    InterventionRuns runs = InterventionRuns.of(HandMadeModels.threeAPlusB(), a, b);
    float clean = runs.original(ab(1, 0)).get("y").values()[0];
    float corrupt = runs.original(ab(0, 1)).get("y").values()[0];
    assertThat(clean).isEqualTo(3);
    assertThat(corrupt).isEqualTo(1);
    assertThat(effect(runs, a, clean, corrupt)).isEqualTo(1.5f);
    assertThat(effect(runs, b, clean, corrupt)).isEqualTo(-0.5f);
  }

  /** (m_patched - m_corrupt) / (m_clean - m_corrupt), with the site's clean value. */
  private static float effect(InterventionRuns runs, Site site, float clean, float corrupt)
      throws OrtException {
    Ort.Output value = runs.activation(ab(1, 0), site.hookPoint().name());
    Patch patch = new Patch(site, Selection.all(), value.values(), value.shape());
    float patched = runs.run(ab(0, 1), patch).get("y").values()[0];
    return (patched - corrupt) / (clean - corrupt);
  }

  @Test
  void severalSites_oneTensor_actInOrder() throws Exception {
    Site replace = Site.replace("a");
    Site add = Site.add("a");
    InterventionRuns runs = InterventionRuns.of(HandMadeModels.threeAPlusB(), replace, add);
    Steer steer = new Steer(add, Selection.all(), 2, new float[] {5});
    Ablate ablate = new Ablate(replace, Selection.all(), new float[] {7});
    assertThat(runs.run(ab(1, 0), steer).get("y").values()).containsExactly(33);
    assertThat(runs.run(ab(1, 0), steer, ablate).get("y").values()).containsExactly(51);
    assertThat(
            InterventionRuns.of(HandMadeModels.threeAPlusB(), add, replace)
                .run(ab(1, 0), steer, ablate)
                .get("y")
                .values())
        .containsExactly(21);
  }

  @Test
  void inactive_negativeZeroAndNaN_keepTheirBits() throws Exception {
    InterventionRuns runs =
        InterventionRuns.of(HandMadeModels.threeAPlusB(), Site.add("y"), Site.replace("y"));
    for (float left : new float[] {-0f, 0f, Float.NaN, Float.NEGATIVE_INFINITY, Float.MIN_VALUE}) {
      Map<String, OnnxTensor> feeds = ab(left, -0f);
      assertThat(runs.original(feeds).get("y").differentBits(runs.run(feeds).get("y"))).isZero();
    }
    assertThat(runs.run(ab(-0f, -0f)).get("y").values()).containsExactly(-0f);
  }

  @Test
  void steer_output_addsExactly() throws Exception {
    Site site = Site.add("last_hidden_state");
    InterventionRuns runs = InterventionRuns.of(TransformerFixture.postNorm().bytes(), site);
    Map<String, OnnxTensor> feeds = Batch.random(3, 7, Batch.Padding.BOTH, 5).feeds(DataType.INT64);
    float[] direction = new float[TransformerFixture.WIDTH];
    for (int i = 0; i < direction.length; i++) {
      direction[i] = (i - 5) * 0.37f;
    }
    float[] before = runs.original(feeds).get("last_hidden_state").values();
    Steer steer = new Steer(site, Selection.all().positions(7, 2), -1.7f, direction);
    float[] after = runs.run(feeds, steer).get("last_hidden_state").values();
    for (int i = 0; i < before.length; i++) {
      boolean selected = i / direction.length % 7 == 2;
      float added = selected ? -1.7f * direction[i % direction.length] : 0;
      assertThat(after[i]).as("element %s", i).isEqualTo(before[i] + added);
    }
  }

  @Test
  void patch_onePosition_changesThatPositionOfTheActivation() throws Exception {
    String hookPoint = "blocks.0.hook_normalized_resid_post";
    Site site = Site.replace(hookPoint);
    InterventionRuns runs = InterventionRuns.of(TransformerFixture.postNorm().bytes(), site);
    Map<String, OnnxTensor> clean =
        Batch.random(2, 5, Batch.Padding.RIGHT, 1).feeds(DataType.INT64);
    Map<String, OnnxTensor> corrupt =
        Batch.random(2, 5, Batch.Padding.RIGHT, 2).feeds(DataType.INT64);
    Ort.Output from = runs.activation(clean, hookPoint);
    Ort.Output to = runs.activation(corrupt, hookPoint);
    Selection where = Selection.all().rows(2, 1).positions(5, 3);
    Patch patch = new Patch(site, where, from.values(), from.shape());
    Ort.Output patched = runs.activation(corrupt, hookPoint, patch);
    for (int row = 0; row < 2; row++) {
      for (int token = 0; token < 5; token++) {
        Ort.Output expected = row == 1 && token == 3 ? from : to;
        assertThat(patched.row(row)[token]).containsExactly(expected.row(row)[token]);
      }
    }
    assertThat(runs.run(corrupt, patch).get("last_hidden_state").row(0))
        .isDeepEqualTo(runs.original(corrupt).get("last_hidden_state").row(0));
  }
}
