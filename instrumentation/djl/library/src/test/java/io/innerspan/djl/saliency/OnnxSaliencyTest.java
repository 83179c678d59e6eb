package io.innerspan.djl.saliency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.innerspan.djl.fixtures.Batch;
import io.innerspan.djl.fixtures.ScriptedTransformer;
import io.innerspan.djl.fixtures.ScriptedTransformer.Outputs;
import io.innerspan.djl.fixtures.Torch;
import io.innerspan.djl.torchscript.EmbeddingSite;
import io.innerspan.djl.torchscript.ScriptPatcher;
import io.innerspan.onnxruntime.graft.EmbeddingPatch;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.session.saliency.EmbeddedTokens;
import io.innerspan.onnxruntime.session.saliency.RepeatedRow;
import io.innerspan.onnxruntime.session.saliency.SessionScore;
import io.innerspan.signals.saliency.Attribution;
import io.innerspan.signals.saliency.Baseline;
import io.innerspan.signals.saliency.SaliencyMethod;
import io.innerspan.signals.saliency.Subject;
import io.innerspan.testing.models.TransformerFixture;
import io.opentelemetry.javaagent.innerspan.bridge.TokenEmbedding;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A model in ONNX Runtime, without gradients, and with the same weights in PyTorch, with them. */
class OnnxSaliencyTest {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();
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
    EmbeddingPatch patch =
        EmbeddingPatch.compile(OnnxModel.scan(ByteBuffer.wrap(original)), "input_ids");
    try (NDManager manager = Torch.manager();
        Network network = ScriptNetwork.load(patchable, Device.cpu());
        OrtSession session = ENVIRONMENT.createSession(changed(patch, original));
        OnnxTensor ids = OnnxTensor.createTensor(ENVIRONMENT, batch.ids());
        OnnxTensor mask = OnnxTensor.createTensor(ENVIRONMENT, batch.mask())) {
      RowInputs row = RowInputs.copy(batch.inputs(manager), 0);
      Target target = Targets.of(network, row);
      Subject torch = new Subjects(network, new Passage()).tokens(row, target, Baseline.PADDING);
      Map<String, RepeatedRow> inputs =
          Map.of(
              "input_ids",
              RepeatedRow.copy("input_ids", ids, 0),
              "attention_mask",
              RepeatedRow.copy("attention_mask", mask, 0));
      EmbeddedTokens start =
          new EmbeddedTokens(
              ENVIRONMENT,
              session::run,
              new TokenEmbedding(
                  patch.tensor(), Map.of(), new byte[0], patch.maskInput(), patch.valuesInput()));
      EmbeddedTokens.Row embedded = start.row(inputs);
      EmbeddedTokens.Row padding = start.row(EmbeddedTokens.padded(inputs, "input_ids"));
      SessionScore score =
          new SessionScore(
              ENVIRONMENT,
              session::run,
              inputs,
              start.inPlaceOf(embedded),
              torch.input().length,
              BATCH,
              new SessionScore.Score("logits", target.element()));
      Subject onnx = new Subject(score, embedded.values(), padding.values(), embedded.width());

      assertThat(embedded.values()).containsExactly(torch.input(), within(1e-6));
      assertThat(padding.values()).containsExactly(torch.baseline(), within(1e-6));
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

  private byte[] changed(EmbeddingPatch patch, byte[] original) throws Exception {
    byte[] overlay = patch.overlay();
    byte[] changed = Arrays.copyOf(original, original.length + overlay.length);
    System.arraycopy(overlay, 0, changed, original.length, overlay.length);
    patch
        .edits(Files.write(folder.resolve("model.onnx"), original))
        .forEach((at, name) -> System.arraycopy(name, 0, changed, at, name.length));
    return changed;
  }
}
