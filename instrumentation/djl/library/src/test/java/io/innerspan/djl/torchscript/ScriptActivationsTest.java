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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptActivationsTest {
  private static final HookPoint EMBEDDINGS = new HookPoint("embeddings");
  private static final HookPoint QUERY = new HookPoint("layer/1/attention/query");
  private static final HookPoint FIRST = new HookPoint("blocks.0.hook_normalized_resid_post");
  private static final HookPoint FIRST_BY_PATH = new HookPoint("layer.0");

  @TempDir Path folder;

  /** The outputs of the two layers are also outputs of the fixture. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void activations_areWhatTheModulesGive(boolean traced) throws Exception {
    Path original = write(traced);
    Path rewritten = folder.resolve("rewritten.pt");
    ScriptActivations script =
        ScriptActivations.rewrite(
            original, rewritten, List.of(EMBEDDINGS, QUERY, FIRST, FIRST_BY_PATH));
    assertThat(script.ids()).isEqualTo("input_ids");
    assertThat(script.mask()).isEqualTo("attention_mask");
    assertThat(script.inputs().names()).containsExactly("input_ids", "attention_mask");
    assertThat(script.code()).matches("[0-9a-f]{64}");
    Path patchable = folder.resolve("patchable.pt");
    ScriptPatcher.rewrite(original, patchable, QUERY);
    Batch batch = Batch.random(3, 6, 1);
    try (Model model = Torch.load(rewritten);
        Model patched = Torch.load(patchable);
        NDManager manager = Torch.manager()) {
      NDList expected = Torch.forward(model.getBlock(), batch.inputs(manager));
      NDList found = Torch.forward(model.getBlock(), script.select(batch.inputs(manager)));
      assertThat(floats(script.find(found, FIRST))).isEqualTo(floats(expected.get(1)));
      assertThat(floats(script.find(found, FIRST_BY_PATH))).isEqualTo(floats(expected.get(1)));
      NDArray selector = manager.create(0f);
      selector.setName(ScriptPatcher.ACTIVATION);
      NDList inputs = new NDList(selector);
      inputs.addAll(batch.inputs(manager));
      NDArray query = Torch.forward(patched.getBlock(), inputs).get(0);
      assertThat(floats(script.find(found, QUERY))).isEqualTo(floats(query));
      assertThat(script.find(found, EMBEDDINGS).getShape().getShape())
          .containsExactly(3, 6, TransformerFixture.WIDTH);
    }
  }

  @Test
  void rewrite_atAPlaceThatIsNotThere_isRefusedWithWhatThereIs() throws Exception {
    Path original = write(false);
    Path target = folder.resolve("rewritten.pt");
    assertThatExceptionOfType(ArchiveRefusedException.class)
        .isThrownBy(
            () -> ScriptActivations.rewrite(original, target, List.of(new HookPoint("lair"))))
        .withMessageContaining("lair: expected a module that gives a tensor, found no such module")
        .withMessageContaining("embeddings");
    assertThatExceptionOfType(ArchiveRefusedException.class)
        .isThrownBy(
            () -> ScriptActivations.rewrite(original, target, List.of(new HookPoint("layer"))))
        .withMessageContaining("layer: expected a module that gives a tensor");
  }

  private Path write(boolean traced) throws Exception {
    return new ScriptedTransformer(TransformerFixture.postNorm(), traced, Outputs.TUPLE)
        .write(folder, "original");
  }

  private static float[] floats(@org.jspecify.annotations.Nullable NDArray array) {
    assertThat(array).isNotNull();
    return array.toFloatArray();
  }
}
