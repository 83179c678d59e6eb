package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.innerspan.onnxruntime.graft.Intervention.Patch;
import io.innerspan.onnxruntime.graft.TapPoint.Safety;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.testing.models.ExampleTensor;
import io.innerspan.testing.models.SmallModel;
import io.innerspan.testing.models.SmallModels;
import io.innerspan.testing.models.Traits.OrtVersion;
import io.innerspan.testing.models.TransformerFixture;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Interventions on models of many kinds: bits when inactive, and a clean run reproduced. */
class InterventionModelsTest {
  /** Sums before a normalisation, and what is added there: SkipLayerNormalization. */
  private static final Pattern IN_A_FUSION =
      Pattern.compile("hook_(attn_out|mlp_out|resid_mid|resid_post)");

  static List<Arguments> transformers() {
    List<Arguments> models = new ArrayList<>();
    for (TransformerFixture fixture :
        List.of(
            TransformerFixture.postNorm(),
            TransformerFixture.preNorm(),
            TransformerFixture.postNorm().spelledOut(9),
            TransformerFixture.postNorm().spelledOut(11),
            TransformerFixture.preNorm().spelledOut(18),
            TransformerFixture.preNorm().withOpset(21),
            TransformerFixture.postNorm().withType(DataType.FLOAT16))) {
      models.add(Arguments.of(fixture.toString(), fixture.bytes()));
    }
    return models;
  }

  private static Map<String, OnnxTensor> feeds(long seed) throws Exception {
    return Batch.random(3, 9, Batch.Padding.BOTH, seed).feeds(DataType.INT64);
  }

  private static List<String> hookPoints(OnnxModel model, Safety atMost) {
    List<String> names = new ArrayList<>();
    for (TapPoint point : model.hookPoints()) {
      boolean input = model.inputs().contains(point.tensor());
      if (point.safety().compareTo(atMost) <= 0 && !input) {
        names.add(point.hookPoint().name());
      }
    }
    return names;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("transformers")
  void inactive_everySafePlace_keepsEveryBit(String name, byte[] bytes) throws Exception {
    List<Site> sites = new ArrayList<>();
    OnnxModel model = InterventionRuns.of(bytes).model();
    for (String hookPoint : hookPoints(model, Safety.SAFE)) {
      sites.add(Site.replace(hookPoint));
      sites.add(Site.add(hookPoint));
    }
    sites.add(Site.add("last_hidden_state"));
    InterventionRuns runs = InterventionRuns.of(bytes, sites.toArray(Site[]::new));
    assertThat(runs.graph().refusals()).isEmpty();
    Ort.Output original = runs.original(feeds(4)).get("last_hidden_state");
    Ort.Output inactive = runs.run(feeds(4)).get("last_hidden_state");
    assertThat(original.differentBits(inactive)).isZero();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("transformers")
  void inactive_eachPlaceAlone_keepsBitsUnlessInAFusion(String name, byte[] bytes)
      throws Exception {
    OnnxModel model = InterventionRuns.of(bytes).model();
    List<String> all = hookPoints(model, Safety.CAUTION);
    all.add("blocks.0.attn.hook_z");
    all.add("blocks.1.attn.hook_z");
    Ort.Output original = Ort.run(bytes, feeds(6)).get("last_hidden_state");
    for (String hookPoint : all) {
      InterventionRuns runs = InterventionRuns.of(bytes, Site.replace(hookPoint));
      assertThat(runs.graph().refusals()).isEmpty();
      Ort.Output inactive = runs.run(feeds(6)).get("last_hidden_state");
      boolean half = name.contains("FLOAT16");
      if (half || IN_A_FUSION.matcher(hookPoint).find()) {
        for (int i = 0; i < original.values().length; i++) {
          assertThat(inactive.values()[i])
              .isCloseTo(original.values()[i], within(half ? 1e-2f : 1e-5f));
        }
      } else {
        assertThat(original.differentBits(inactive)).as(hookPoint).isZero();
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("transformers")
  void patch_everyLayerWithCleanActivation_reproducesCleanOutput(String name, byte[] bytes)
      throws Exception {
    OnnxModel model = InterventionRuns.of(bytes).model();
    Map<String, OnnxTensor> corrupt = feeds(8);
    // The same mask: only the stream is patched.
    Map<String, OnnxTensor> clean = feeds(8);
    clean.put("input_ids", feeds(7).get("input_ids"));
    for (Layer layer : model.layers()) {
      String output = layer.normalized() == null ? layer.sum() : layer.normalized();
      Site site = Site.replace(String.valueOf(output));
      InterventionRuns runs = InterventionRuns.of(bytes, site);
      Ort.Output activation = runs.activation(clean, String.valueOf(output));
      Patch patch = new Patch(site, Selection.all(), activation.values(), activation.shape());
      Ort.Output expected = runs.run(clean).get("last_hidden_state");
      Ort.Output patched = runs.run(corrupt, patch).get("last_hidden_state");
      assertThat(expected.differentBits(runs.run(corrupt).get("last_hidden_state"))).isPositive();
      assertThat(expected.differentBits(patched)).isZero();
    }
  }

  static List<SmallModel> smallModels() {
    OrtVersion version = OrtVersion.of(OrtEnvironment.getEnvironment().getVersion());
    return SmallModels.where(
        model ->
            model.traits().minOrt().compareTo(version) <= 0 && !model.name().contains("inside"));
  }

  /** The outputs of a run, by name, as bytes. */
  private static Map<String, byte[]> outputs(
      Path file, Map<String, ExampleTensor> example, List<Control> controls) throws Exception {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> feeds = new HashMap<>();
    for (Map.Entry<String, ExampleTensor> input : example.entrySet()) {
      ExampleTensor tensor = input.getValue();
      OnnxJavaType type = OnnxJavaType.valueOf(tensor.type().name());
      feeds.put(
          input.getKey(),
          OnnxTensor.createTensor(environment, tensor.data(), tensor.shape(), type));
    }
    for (Control control : controls) {
      FloatBuffer values = FloatBuffer.wrap(control.values());
      feeds.put(control.input(), OnnxTensor.createTensor(environment, values, control.shape()));
    }
    Map<String, byte[]> outputs = new HashMap<>();
    try (OrtSession session = environment.createSession(file.toString());
        OrtSession.Result result = session.run(feeds)) {
      for (Map.Entry<String, OnnxValue> entry : result) {
        ByteBuffer buffer = ((OnnxTensor) entry.getValue()).getByteBuffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        outputs.put(entry.getKey(), bytes);
      }
    }
    return outputs;
  }

  @ParameterizedTest
  @MethodSource("smallModels")
  void inactive_everySafePlaceOfAnyModel_keepsEveryBit(SmallModel small, @TempDir Path folder)
      throws Exception {
    OnnxModel model;
    try {
      model = OnnxModel.scan(ByteBuffer.wrap(small.bytes()));
    } catch (ModelRefusedException e) {
      return; // Nothing of it can be changed.
    }
    List<Site> sites = new ArrayList<>();
    for (String hookPoint : hookPoints(model, Safety.SAFE)) {
      sites.add(Site.replace(hookPoint));
      sites.add(Site.add(hookPoint));
    }
    for (TapPoint candidate : model.candidates()) {
      if (candidate.safety() == Safety.SAFE) {
        Site site = Site.add(candidate.tensor().name());
        if (!sites.contains(site)) {
          sites.add(site);
        }
      }
    }
    InterventionGraph graph = InterventionCompiler.compile(model, sites);
    assertThat(graph.refusals()).isEmpty();
    Path original = small.write(folder);
    Path changed = folder.resolve("changed.onnx");
    Files.write(changed, graph.applyTo(small.bytes()));
    Map<String, ExampleTensor> example = small.example(small.anyShape());
    Map<String, byte[]> expected = outputs(original, example, List.of());
    Map<String, byte[]> found = outputs(changed, example, graph.inactive());
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, bytes) -> assertThat(found.get(name)).as(name).isEqualTo(bytes));
  }

  @Test
  void realModel_patchedAndInactive_sameBits() throws Exception {
    byte[] bytes = MiniLmTest.model();
    List<Site> sites = new ArrayList<>();
    for (int layer = 0; layer < 6; layer++) {
      sites.add(Site.replace("blocks." + layer + ".hook_normalized_resid_post"));
    }
    InterventionRuns runs = InterventionRuns.of(bytes, sites.toArray(Site[]::new));
    Map<String, OnnxTensor> corrupt = feeds(8);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    corrupt.put("token_type_ids", OnnxTensor.createTensor(environment, new long[3][9]));
    Map<String, OnnxTensor> clean = new HashMap<>(corrupt);
    clean.put("input_ids", feeds(7).get("input_ids"));
    Ort.Output cleanOutput = runs.original(clean).get("last_hidden_state");
    Ort.Output corruptOutput = runs.original(corrupt).get("last_hidden_state");
    assertThat(corruptOutput.differentBits(runs.run(corrupt).get("last_hidden_state"))).isZero();
    Site site = sites.get(3);
    Ort.Output activation = runs.activation(clean, site.hookPoint().name());
    Patch patch = new Patch(site, Selection.all(), activation.values(), activation.shape());
    Ort.Output patched = runs.run(corrupt, patch).get("last_hidden_state");
    assertThat(cleanOutput.differentBits(patched)).isZero();
    assertThat(cleanOutput.differentBits(corruptOutput)).isPositive();
  }
}
