package io.innerspan.djl.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.innerspan.djl.archive.ArchiveRefusedException;
import io.innerspan.djl.fixtures.Batch;
import io.innerspan.djl.fixtures.ScriptedTransformer;
import io.innerspan.djl.fixtures.ScriptedTransformer.Outputs;
import io.innerspan.djl.fixtures.Torch;
import io.innerspan.signals.HookPoint;
import io.innerspan.testing.models.TransformerFixture;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptPatcherTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"embeddings", "layer/1/attention/query", "blocks.0.hook_normalized_resid_post"})
  void outputs_patchedWithTheModelsOwnActivation_keepTheirBits_andOthersDoNot(String place)
      throws Exception {
    Path original = write();
    Path patchable = folder.resolve("patchable.pt");
    ScriptPatcher.rewrite(original, patchable, new HookPoint(place));
    Batch batch = Batch.random(3, 6, 1);
    try (Model model = Torch.load(patchable);
        NDManager manager = Torch.manager()) {
      NDList expected = Torch.forward(model.getBlock(), batch.inputs(manager));
      NDArray own = run(model, manager, ScriptPatcher.ACTIVATION, batch.inputs(manager)).get(0);
      NDList inputs = batch.inputs(manager);
      inputs.add(0, own);
      NDList same = run(model, manager, ScriptPatcher.PATCHED, inputs);
      assertThat(same).hasSameSizeAs(expected);
      assertThat(same.get(0).toFloatArray()).isEqualTo(expected.get(0).toFloatArray());
      inputs.set(0, own.mul(0.5f));
      NDList other = run(model, manager, ScriptPatcher.PATCHED, inputs);
      assertThat(other.get(0).toFloatArray()).isNotEqualTo(expected.get(0).toFloatArray());
    }
  }

  @Test
  void rewrite_atAPlaceThatIsNotThere_isRefused() throws Exception {
    Path original = write();
    assertThatExceptionOfType(ArchiveRefusedException.class)
        .isThrownBy(
            () ->
                ScriptPatcher.rewrite(
                    original, folder.resolve("patchable.pt"), new HookPoint("layer/7")))
        .withMessageContaining("layer/7: expected a module that gives a tensor, found none");
  }

  private Path write() throws Exception {
    return new ScriptedTransformer(TransformerFixture.postNorm(), false, Outputs.TUPLE)
        .write(folder, "original");
  }

  private static NDList run(Model model, NDManager manager, String method, NDList inputs) {
    NDList all = new NDList(inputs);
    NDArray selector = manager.create(0f);
    selector.setName(method);
    all.add(0, selector);
    return Torch.forward(model.getBlock(), all);
  }
}
