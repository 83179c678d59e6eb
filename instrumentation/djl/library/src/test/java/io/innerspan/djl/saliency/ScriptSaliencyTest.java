package io.innerspan.djl.saliency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.offset;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.innerspan.djl.archive.FloatTensor;
import io.innerspan.djl.archive.ModuleObject;
import io.innerspan.djl.archive.ScriptWriter;
import io.innerspan.djl.fixtures.Batch;
import io.innerspan.djl.fixtures.ScriptedTransformer;
import io.innerspan.djl.fixtures.ScriptedTransformer.Outputs;
import io.innerspan.djl.fixtures.Torch;
import io.innerspan.djl.torchscript.EmbeddingSite;
import io.innerspan.djl.torchscript.ScriptPatcher;
import io.innerspan.signals.saliency.Attribution;
import io.innerspan.signals.saliency.Baseline;
import io.innerspan.signals.saliency.SaliencyMethod;
import io.innerspan.testing.models.TransformerFixture;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScriptSaliencyTest {
  private static final int TOKENS = 5;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = "ZERO") // Where the model's first normalisation jumps.
  void integratedGradients_ofTokens_agreeWithDifferences_andComplete(Baseline baseline)
      throws Exception {
    Path archive = classifier();
    Path patchable = folder.resolve("patchable.pt");
    ScriptPatcher.rewrite(archive, patchable, EmbeddingSite.of(archive));
    try (NDManager manager = Torch.manager();
        Network network = ScriptNetwork.load(patchable, Device.cpu())) {
      RowInputs row = row(manager);
      Subjects subjects = new Subjects(network, new Passage());

      Comparison.check(subjects.tokens(row, Targets.of(network, row), baseline));
    }
  }

  @Test
  void integratedGradients_acrossAJump_sayThatTheyAreIncomplete() throws Exception {
    Path archive = classifier();
    try (NDManager manager = Torch.manager();
        Model original = Torch.load(archive)) {
      RowInputs row = row(manager);
      Target target = Targets.of(original.getBlock(), row);
      try (ExplainedModel model = ExplainedModel.ofScript(archive, Device.cpu(), row)) {
        Explanation explanation =
            model.explain(row, target, SaliencyMethod.INTEGRATED_GRADIENTS, Baseline.ZERO);

        assertThat(explanation.attribution().completenessError()).isGreaterThan(1e-3);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void explain_tokens_givesEachItsPart(SaliencyMethod method) throws Exception {
    Path archive = classifier();
    try (NDManager manager = Torch.manager();
        Model original = Torch.load(archive)) {
      RowInputs row = row(manager);
      float[] scores =
          Torch.forward(original.getBlock(), row.repeated(manager, 1)).get(0).toFloatArray();
      try (ExplainedModel model = ExplainedModel.ofScript(archive, Device.cpu(), row)) {
        Target target = Targets.of(original.getBlock(), row);
        Explanation explanation = model.explain(row, target, method, Baseline.PADDING);

        Attribution attribution = explanation.attribution();
        assertThat(explanation.tokens()).isTrue();
        assertThat(attribution.parts()).hasSize(TOKENS);
        assertThat(attribution.value()).isCloseTo(scores[explanation.target()], offset(1e-5));
      }
    }
  }

  @Test
  void integratedGradients_ofFeatures_agreeWithDifferences_andComplete() throws Exception {
    try (NDManager manager = Torch.manager();
        Network network = ScriptNetwork.load(perceptron(), Device.cpu())) {
      RowInputs row =
          RowInputs.copy(JavaClassifier.inputs(manager, 3, 2, JavaClassifier.FEATURES), 1);
      Subjects subjects = new Subjects(network, new Passage());

      Comparison.check(subjects.features(row, Targets.of(network, row), Baseline.ZERO));
    }
  }

  @Test
  void explain_aScoreThatTheArchiveDoesNotGive_isRefused() throws Exception {
    Path archive = classifier();
    try (NDManager manager = Torch.manager()) {
      RowInputs row = row(manager);
      try (ExplainedModel model = ExplainedModel.ofScript(archive, Device.cpu(), row)) {
        Target other = new Target(0, 1, 99);
        assertThatExceptionOfType(SaliencyRefusedException.class)
            .isThrownBy(() -> model.explain(row, other, SaliencyMethod.OCCLUSION, Baseline.ZERO))
            .withMessageStartingWith("expected the score 99.0 from a copy of the model, found ");
      }
    }
  }

  @Test
  void tokensOfAModelWithoutEmbedding_areRefused() throws Exception {
    Path archive = perceptron();
    try (NDManager manager = Torch.manager()) {
      RowInputs row = row(manager);
      assertThatExceptionOfType(SaliencyRefusedException.class)
          .isThrownBy(() -> ExplainedModel.ofScript(archive, Device.cpu(), row))
          .withMessageContaining("expected one module that embeds tokens, found []");
    }
  }

  @Test
  void load_ofWhatIsNoArchive_isRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("none.pt"), "none");
    assertThatExceptionOfType(SaliencyRefusedException.class)
        .isThrownBy(() -> ScriptNetwork.load(file, Device.cpu()))
        .withMessageStartingWith("expected a TorchScript archive");
  }

  private Path classifier() throws Exception {
    TransformerFixture fixture =
        TransformerFixture.postNorm().withHead(TransformerFixture.Head.CLASSIFIER);
    return new ScriptedTransformer(fixture, false, Outputs.TUPLE).write(folder, "classifier");
  }

  private static RowInputs row(NDManager manager) throws SaliencyRefusedException {
    NDList inputs = Batch.random(1, TOKENS, 4).inputs(manager);
    return RowInputs.copy(inputs, 0);
  }

  /** Two products with a tanh between them. */
  private Path perceptron() throws Exception {
    int features = JavaClassifier.FEATURES;
    String code =
        """
        class Net(Module):
          __parameters__ = ["first", "second", ]
          __buffers__ = []
          first : Tensor
          second : Tensor
          training : bool
          def forward(self: __torch__.Net,
            x: Tensor) -> Tensor:
            first = self.first
            second = self.second
            return torch.matmul(torch.tanh(torch.matmul(x, first)), second)
        """;
    ModuleObject net =
        new ModuleObject("__torch__.Net")
            .with("first", tensor(1, features, 8))
            .with("second", tensor(2, 8, 2));
    Path file = folder.resolve("perceptron.pt");
    try (OutputStream out = Files.newOutputStream(file)) {
      ScriptWriter.write(out, "net", Map.of("__torch__.py", code), net);
    }
    return file;
  }

  private static FloatTensor tensor(long seed, int rows, int columns) {
    Random random = new Random(seed);
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() / 2;
    }
    return new FloatTensor(values, rows, columns);
  }
}
