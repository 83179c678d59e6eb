package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.innerspan.onnxruntime.graft.Intervention.Ablate;
import io.innerspan.onnxruntime.graft.Intervention.Patch;
import io.innerspan.onnxruntime.graft.Intervention.Steer;
import io.innerspan.signals.HookPoint;
import io.innerspan.testing.models.ExampleShape;
import io.innerspan.testing.models.SmallModel;
import io.innerspan.testing.models.SmallModels;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The example of {@code docs/interventions.md}: what it says is what runs here. */
class InterventionExampleTest {
  private static final Path PAGE = Path.of("../../../docs/interventions.md");
  private static final Path SOURCE =
      Path.of("src/test/java/io/innerspan/onnxruntime/graft/InterventionExampleTest.java");

  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();
  private static final SmallModel CLASSIFIER = SmallModels.named("encoder-post-ln-classifier");

  private static Map<String, OnnxTensor> feeds(long seed) throws Exception {
    return DiscoveryTest.feeds(CLASSIFIER.example(ExampleShape.of(1, 6).withSeed(seed)));
  }

  // The page begins here.
  static float[] run(
      OrtSession session, Map<String, OnnxTensor> feeds, List<Control> controls, String output)
      throws OrtException {
    Map<String, OnnxTensor> all = new HashMap<>(feeds);
    for (Control control : controls) {
      FloatBuffer values = FloatBuffer.wrap(control.values());
      all.put(control.input(), OnnxTensor.createTensor(ENVIRONMENT, values, control.shape()));
    }
    try (OrtSession.Result result = session.run(all)) {
      FloatBuffer values = ((OnnxTensor) result.get(output).orElseThrow()).getFloatBuffer();
      float[] copy = new float[values.remaining()];
      values.get(copy);
      return copy;
    }
  }

  static float[] effects(
      byte[] bytes, Map<String, OnnxTensor> clean, Map<String, OnnxTensor> corrupt)
      throws Exception {
    OnnxModel model = OnnxModel.scan(ByteBuffer.wrap(bytes));
    List<HookPoint> layers = model.candidates().stream().map(TapPoint::hookPoint).toList();
    Exposure taps = OverlayCompiler.expose(model, layers);
    List<Site> sites = layers.stream().map(layer -> Site.replace(layer.name())).toList();
    InterventionGraph graph = InterventionCompiler.compile(model, sites);
    byte[] changed = concatenated(graph.applyTo(bytes), taps.bytes());
    float[] effects = new float[layers.size()];
    try (OrtSession session = ENVIRONMENT.createSession(changed)) {
      float best = run(session, clean, graph.inactive(), "logits")[0];
      float worst = run(session, corrupt, graph.inactive(), "logits")[0];
      for (int layer = 0; layer < effects.length; layer++) {
        String tensor = taps.outputs().get(layers.get(layer));
        float[] values = run(session, clean, graph.inactive(), tensor);
        long[] shape = {1, 6, values.length / 6};
        // The first token only: its clean activation in the corrupt run.
        Selection where = Selection.all().positions(6, 0);
        Patch patch = new Patch(sites.get(layer), where, values, shape);
        float patched = run(session, corrupt, graph.controls(List.of(patch)), "logits")[0];
        effects[layer] = (patched - worst) / (best - worst);
      }
    }
    return effects;
  }

  static byte[] concatenated(byte[] model, byte[] more) {
    return ByteBuffer.allocate(model.length + more.length).put(model).put(more).array();
  }

  // The page ends here.

  /** The classifier reads the first token alone, so the last layer's is all that counts. */
  @Test
  void effects_ofTheFirstToken_areWholeInTheLastLayer() throws Exception {
    float[] effects = effects(CLASSIFIER.bytes(), feeds(1), feeds(2));
    assertThat(effects).hasSize(2);
    assertThat(effects[1]).isEqualTo(1);
    assertThat(effects[0]).isNotEqualTo(1).isNotZero();
  }

  @Test
  void ablateAndSteer_asThePageSays_changeTheAnswer() throws Exception {
    byte[] bytes = CLASSIFIER.bytes();
    OnnxModel model = OnnxModel.scan(ByteBuffer.wrap(bytes));
    Site head = Site.replace("blocks.1.attn.hook_z");
    Site stream = Site.add("blocks.1.hook_normalized_resid_post");
    InterventionGraph graph = InterventionCompiler.compile(model, List.of(head, stream));
    assertThat(graph.refusals()).isEmpty();
    float[] direction = new float[16];
    direction[3] = 1;
    Ablate without = Ablate.zero(head, Selection.all().heads(2, 1));
    Steer more = new Steer(stream, Selection.all(), 4, direction);
    try (OrtSession original = ENVIRONMENT.createSession(bytes);
        OrtSession session = ENVIRONMENT.createSession(graph.applyTo(bytes))) {
      float[] own = run(original, feeds(1), List.of(), "logits");
      assertThat(run(session, feeds(1), graph.inactive(), "logits")).isEqualTo(own);
      float[] ablated = run(session, feeds(1), graph.controls(List.of(without)), "logits");
      float[] steered = run(session, feeds(1), graph.controls(List.of(more)), "logits");
      assertThat(ablated).isNotEqualTo(own);
      assertThat(steered).isNotEqualTo(own).isNotEqualTo(ablated);
    }
  }

  @Test
  void page_showsWhatRunsHere() throws Exception {
    String source = Files.readString(SOURCE);
    String shown =
        source.substring(
            source.indexOf("  // The page begins here.\n"), source.indexOf("  // The page ends"));
    String body = shown.substring(shown.indexOf('\n') + 1).replaceAll("(?m)^  ", "");
    assertThat(Files.readString(PAGE)).contains("```java\n" + body + "```");
  }
}
