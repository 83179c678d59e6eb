package io.innerspan.djl.saliency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.innerspan.djl.fixtures.Batch;
import io.innerspan.djl.fixtures.ScriptedTransformer;
import io.innerspan.djl.fixtures.ScriptedTransformer.Outputs;
import io.innerspan.djl.fixtures.Torch;
import io.innerspan.djl.torchscript.EmbeddingSite;
import io.innerspan.djl.torchscript.ScriptPatcher;
import io.innerspan.onnxruntime.graft.Control;
import io.innerspan.onnxruntime.graft.Intervention;
import io.innerspan.onnxruntime.graft.InterventionCompiler;
import io.innerspan.onnxruntime.graft.InterventionGraph;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.Selection;
import io.innerspan.onnxruntime.graft.Site;
import io.innerspan.onnxruntime.session.saliency.RepeatedRow;
import io.innerspan.onnxruntime.session.saliency.SessionScore;
import io.innerspan.onnxruntime.session.saliency.Varying;
import io.innerspan.signals.saliency.Attribution;
import io.innerspan.signals.saliency.Baseline;
import io.innerspan.signals.saliency.SaliencyMethod;
import io.innerspan.signals.saliency.Subject;
import io.innerspan.testing.models.TransformerFixture;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A model in ONNX Runtime, without gradients, and with the same weights in PyTorch, with them. */
class OnnxSaliencyTest {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();
  private static final Site EMBEDDING = Site.replace("embed.hook_embed");
  private static final int BATCH = 16;

  private final TransformerFixture fixture =
      TransformerFixture.postNorm().withHead(TransformerFixture.Head.CLASSIFIER);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void explain_byDifferences_saysWhatGradientsSay(SaliencyMethod method) throws Exception {
    Path archive = new ScriptedTransformer(fixture, false, Outputs.TUPLE).write(folder, "net");
    Path patchable = folder.resolve("patchable.pt");
    ScriptPatcher.rewrite(archive, patchable, EmbeddingSite.of(archive));
    Batch batch = Batch.random(1, 5, 4);
    byte[] original = fixture.bytes();
    InterventionGraph graph =
        InterventionCompiler.compile(OnnxModel.scan(ByteBuffer.wrap(original)), List.of(EMBEDDING));
    assertThat(graph.refusals()).isEmpty();
    try (NDManager manager = Torch.manager();
        Network network = ScriptNetwork.load(patchable, Device.cpu());
        OrtSession session = ENVIRONMENT.createSession(graph.applyTo(original));
        OnnxTensor ids = OnnxTensor.createTensor(ENVIRONMENT, batch.ids());
        OnnxTensor mask = OnnxTensor.createTensor(ENVIRONMENT, batch.mask())) {
      RowInputs row = RowInputs.copy(batch.inputs(manager), 0);
      Target target = Targets.of(network, row);
      Subject torch = new Subjects(network, new Passage()).tokens(row, target, Baseline.PADDING);
      SessionScore score =
          new SessionScore(
              ENVIRONMENT,
              session::run,
              Map.of(
                  "input_ids",
                  RepeatedRow.copy("input_ids", ids, 0),
                  "attention_mask",
                  RepeatedRow.copy("attention_mask", mask, 0)),
              patched(graph, batch.ids()[0].length),
              torch.input().length,
              BATCH,
              new SessionScore.Score("logits", target.element()));
      Subject onnx = new Subject(score, torch.input(), torch.baseline(), torch.width());

      Attribution gradients = method.explain(torch);
      Attribution differences = method.explain(onnx);

      assertThat(differences.value()).isCloseTo(target.score(), within(1e-4));
      assertThat(Comparison.cosine(differences.parts(), gradients.parts()))
          .isGreaterThanOrEqualTo(0.9999);
      if (method == SaliencyMethod.INTEGRATED_GRADIENTS) {
        assertThat(differences.completenessError()).isLessThan(1e-3);
      }
    }
  }

  /** The tokens' embeddings. */
  private static Varying patched(InterventionGraph graph, int tokens) {
    return (values, rows) -> {
      long[] shape = {rows, tokens, TransformerFixture.WIDTH};
      Map<String, OnnxTensor> inputs = new HashMap<>();
      for (Control control :
          graph.controls(
              List.of(new Intervention.Patch(EMBEDDING, Selection.all(), values, shape)))) {
        inputs.put(control.input(), tensor(control));
      }
      return inputs;
    };
  }

  private static OnnxTensor tensor(Control control) throws OrtException {
    return OnnxTensor.createTensor(
        ENVIRONMENT, FloatBuffer.wrap(control.values()), control.shape());
  }
}
