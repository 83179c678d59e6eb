package io.innerspan.djl.saliency;

import static io.innerspan.djl.saliency.JavaClassifier.CLASSES;
import static io.innerspan.djl.saliency.JavaClassifier.FEATURES;
import static io.innerspan.djl.saliency.JavaClassifier.TOKENS;
import static io.innerspan.djl.saliency.JavaClassifier.WIDTH;
import static io.innerspan.djl.saliency.TokenClassifier.Ids.LOOKED_UP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.offset;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import io.innerspan.djl.fixtures.Torch;
import io.innerspan.signals.saliency.Attribution;
import io.innerspan.signals.saliency.Baseline;
import io.innerspan.signals.saliency.SaliencyMethod;
import io.innerspan.signals.saliency.Subject;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlockSaliencyTest {
  /** Rows with a token twice, and with padding. */
  private static final long[][] IDS = {{3, 1, 4, 1}, {9, 2, 2, 0}};

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void integratedGradients_agreeWithDifferences_andComplete(boolean transformer) throws Exception {
    try (NDManager manager = Torch.manager();
        NDManager own = Torch.manager()) {
      Block block = block(manager, transformer);
      RowInputs row = RowInputs.copy(inputs(manager, transformer, 3), 1);
      Network network = new BlockNetwork(block, own);
      Subjects subjects = new Subjects(network, new Passage());

      Comparison.check(subjects.features(row, Targets.of(network, row), Baseline.ZERO));
    }
  }

  @ParameterizedTest
  @EnumSource
  void integratedGradients_ofTokens_agreeWithDifferences_andComplete(Baseline baseline)
      throws Exception {
    try (NDManager manager = Torch.manager();
        NDManager own = Torch.manager()) {
      Network network = new BlockNetwork(TokenClassifier.of(manager, LOOKED_UP), own);
      RowInputs row = RowInputs.copy(tokens(manager), 1);
      Subjects subjects = new Subjects(network, new Passage());
      Target target = Targets.of(network, row);

      Subject subject = subjects.tokens(row, target, baseline);

      assertThat(subject.parts()).isEqualTo(IDS[1].length);
      assertThat(subject.function().batch()).isGreaterThan(1);
      assertThat(subject.function().values(new double[][] {subject.input()})[0])
          .isCloseTo(target.score(), offset(1e-5));
      if (baseline == Baseline.PADDING) {
        Comparison.check(subject);
      } else {
        Attribution attribution = SaliencyMethod.INTEGRATED_GRADIENTS.explain(subject);
        assertThat(attribution.completenessError()).isLessThan(1e-3);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void explain_tokens_withoutAPadding_isWhatTheModelGivesForOtherIds(boolean wide)
      throws Exception {
    try (NDManager manager = Torch.manager()) {
      Block block = TokenClassifier.of(manager, LOOKED_UP);
      NDList inputs = tokens(manager);
      if (!wide) {
        inputs = new NDList(inputs.get(0).toType(DataType.INT32, false));
      }
      RowInputs row = RowInputs.copy(inputs, 1);
      try (ExplainedModel model = ExplainedModel.ofBlock(block, Device.cpu(), row)) {
        Target target = Targets.of(block, row);
        Explanation explanation =
            model.explain(row, target, SaliencyMethod.OCCLUSION, Baseline.PADDING);

        assertThat(explanation.tokens()).isTrue();
        assertThat(explanation.baseline()).isEqualTo(Baseline.PADDING);
        double[] parts = explanation.attribution().parts();
        for (int token = 0; token < IDS[1].length; token++) {
          long[] without = IDS[1].clone();
          without[token] = 0;
          NDArray ids = manager.create(without).expandDims(0);
          float[] scores = Torch.forward(block, new NDList(ids)).get(0).toFloatArray();
          assertThat(parts[token])
              .isCloseTo(target.score() - scores[target.element()], offset(1e-5));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LOOKED_UP")
  void tokensWhoseIdsOrTableHaveAnotherUse_areRefused(TokenClassifier.Ids use) throws Exception {
    try (NDManager manager = Torch.manager()) {
      Block block = TokenClassifier.of(manager, use);
      RowInputs row = RowInputs.copy(tokens(manager), 1);
      try (ExplainedModel model = ExplainedModel.ofBlock(block, Device.cpu(), row)) {
        Target target = Targets.of(block, row);
        assertThatExceptionOfType(SaliencyRefusedException.class)
            .isThrownBy(
                () -> model.explain(row, target, SaliencyMethod.OCCLUSION, Baseline.PADDING))
            .withMessageStartingWith("expected a parameter [vocabulary, width]")
            .withMessageContaining("[positions, words");
      }
    }
  }

  @Test
  void explain_tokensOverAndOver_keepsNoArrays_andLeavesTheApplicationAlone() throws Exception {
    try (NDManager manager = Torch.manager();
        NDManager own = Torch.manager()) {
      Block block = TokenClassifier.of(manager, LOOKED_UP);
      NDList inputs = tokens(manager);
      float[] before = Torch.forward(block, inputs).get(0).toFloatArray();
      RowInputs row = RowInputs.copy(inputs, 0);
      Network network = new BlockNetwork(block, own);
      Subjects subjects = new Subjects(network, new Passage());
      Target target = Targets.of(block, row);
      for (int i = 0; i < 5; i++) {
        SaliencyMethod.GRADIENT_TIMES_INPUT.explain(subjects.tokens(row, target, Baseline.PADDING));
        assertThat(own.getManagedArrays()).hasSameSizeAs(block.getParameters());
      }
      assertThat(Torch.forward(block, inputs).get(0).toFloatArray()).isEqualTo(before);
      for (Parameter parameter : block.getParameters().values()) {
        if (parameter.requiresGradient()) {
          assertThat(parameter.getArray().getGradient().toFloatArray()).containsOnly(0f);
        }
      }
    }
  }

  private static NDList tokens(NDManager manager) {
    return new NDList(manager.create(IDS));
  }

  @ParameterizedTest
  @EnumSource
  void explain_takesTheLargestScore_andLeavesTheApplicationAlone(SaliencyMethod method)
      throws Exception {
    try (NDManager manager = Torch.manager()) {
      Block block = JavaClassifier.transformer(manager);
      NDList inputs = inputs(manager, true, 3);
      float[] before = Torch.forward(block, inputs).get(0).toFloatArray();
      RowInputs row = RowInputs.copy(inputs, 2);
      try (ExplainedModel model = ExplainedModel.ofBlock(block, Device.cpu(), row)) {
        Target target = Target.of(Torch.forward(block, inputs), 3, 2);
        Explanation explanation = model.explain(row, target, method, Baseline.MEAN);

        Attribution attribution = explanation.attribution();
        int element = explanation.target();
        assertThat(attribution.parts()).hasSize(TOKENS * WIDTH);
        assertThat(explanation.tokens()).isFalse();
        assertThat(attribution.value()).isCloseTo(before[2 * CLASSES + element], offset(1e-5));
        for (int i = 0; i < CLASSES; i++) {
          assertThat(before[2 * CLASSES + i]).isLessThanOrEqualTo(before[2 * CLASSES + element]);
        }
      }
      assertThat(Torch.forward(block, inputs).get(0).toFloatArray()).isEqualTo(before);
      for (Parameter parameter : block.getParameters().values()) {
        if (parameter.requiresGradient()) {
          assertThat(parameter.getArray().getGradient().toFloatArray()).containsOnly(0f);
        }
      }
    }
  }

  @Test
  void explain_whileTheApplicationCollectsGradients_disturbsNeither() throws Exception {
    try (NDManager manager = Torch.manager()) {
      Block block = JavaClassifier.perceptron(manager);
      NDList inputs = inputs(manager, false, 1);
      RowInputs row = RowInputs.copy(inputs, 0);
      NDArray weight = block.getParameters().get(0).getValue().getArray();
      float[] once = collected(block, inputs);
      try (ExplainedModel model = ExplainedModel.ofBlock(block, Device.cpu(), row);
          GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
        NDArray loss = Torch.forward(block, inputs).get(0).sum();
        Explanation[] explained = new Explanation[1];
        Thread other =
            new Thread(
                () -> {
                  try {
                    explained[0] =
                        model.explain(
                            row,
                            Targets.of(block, row),
                            SaliencyMethod.INTEGRATED_GRADIENTS,
                            Baseline.ZERO);
                  } catch (SaliencyRefusedException e) {
                    throw new IllegalStateException(e);
                  }
                });
        other.start();
        other.join();
        collector.backward(loss);
        assertThat(explained[0].attribution().completenessError()).isLessThan(1e-3);
      }
      float[] twice = weight.getGradient().toFloatArray();
      for (int i = 0; i < twice.length; i++) {
        assertThat(twice[i]).isCloseTo(2 * once[i], offset(1e-5f));
      }
    }
  }

  /** The first weight's gradient where nobody explains anything. */
  private static float[] collected(Block block, NDList inputs) {
    try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      collector.backward(Torch.forward(block, inputs).get(0).sum());
    }
    return block.getParameters().get(0).getValue().getArray().getGradient().toFloatArray();
  }

  @Test
  void gradient_whereThereIsNone_isRefused_andTheJvmLives() throws Exception {
    try (NDManager manager = Torch.manager()) {
      Autograd autograd = Autograd.of(manager.getEngine());
      NDArray plain = manager.create(3f);
      NDArray watched = manager.create(2f);
      watched.setRequiresGradient(true);
      autograd.recording(
          true,
          () -> {
            assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> autograd.gradient(watched.mul(2), plain))
                .withMessage("expected an array with a gradient, found one without");
            assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> autograd.gradient(plain.mul(2), watched));
            return null;
          });
    }
  }

  @Test
  void recording_inAThread_isSetBack_alsoAfterAFailure() throws Exception {
    try (NDManager manager = Torch.manager()) {
      Autograd autograd = Autograd.of(manager.getEngine());
      for (boolean before : new boolean[] {false, true}) {
        autograd.recording(
            before,
            () -> {
              assertThatExceptionOfType(UnsupportedOperationException.class)
                  .isThrownBy(() -> autograd.recording(!before, BlockSaliencyTest::fail));
              assertThat(recordsGradients(manager)).isEqualTo(before);
              return null;
            });
      }
    }
  }

  @Test
  void explain_overAndOver_keepsNoArrays() throws Exception {
    try (NDManager manager = Torch.manager();
        NDManager own = Torch.manager()) {
      Block block = JavaClassifier.transformer(manager);
      RowInputs row = RowInputs.copy(inputs(manager, true, 1), 0);
      Network network = new BlockNetwork(block, own);
      Subjects subjects = new Subjects(network, new Passage());
      int copies = -1;
      for (int i = 0; i < 20; i++) {
        SaliencyMethod.OCCLUSION.explain(
            subjects.features(row, Targets.of(network, row), Baseline.ZERO));
        int kept = own.getManagedArrays().size();
        assertThat(copies == -1 ? kept : copies).isEqualTo(kept);
        copies = kept;
      }
      assertThat(copies).isEqualTo(block.getParameters().size());
    }
  }

  @Test
  void explain_afterClosing_isCancelled() throws Exception {
    try (NDManager manager = Torch.manager()) {
      Block block = JavaClassifier.perceptron(manager);
      RowInputs row = RowInputs.copy(inputs(manager, false, 1), 0);
      ExplainedModel model = ExplainedModel.ofBlock(block, Device.cpu(), row);
      model.close();
      model.close();

      assertThatExceptionOfType(CancellationException.class)
          .isThrownBy(
              () ->
                  model.explain(
                      row, Targets.of(block, row), SaliencyMethod.OCCLUSION, Baseline.ZERO));
    }
  }

  @Test
  void whatCannotBeExplained_isRefused() throws Exception {
    try (NDManager manager = Torch.manager()) {
      RowInputs bytes = RowInputs.copy(new NDList(manager.create(new byte[] {1, 2})), 0);
      Block block = JavaClassifier.perceptron(manager);
      assertThatExceptionOfType(SaliencyRefusedException.class)
          .isThrownBy(() -> ExplainedModel.ofBlock(block, Device.cpu(), bytes))
          .withMessage("expected an input of float32 or of token ids, found none");
      NDList ragged = new NDList(manager.create(new float[2]), manager.create(new float[3]));
      assertThatExceptionOfType(SaliencyRefusedException.class)
          .isThrownBy(() -> RowInputs.rows(ragged))
          .withMessage("expected inputs whose first dimension is the batch, found [(2), (3)]");
      NDList states = inputs(manager, true, 1);
      assertThatExceptionOfType(SaliencyRefusedException.class)
          .isThrownBy(() -> Target.of(states, 1, 0))
          .withMessageContaining("found [(1, 4, 8)]");
      NDList infinite = new NDList(manager.create(new float[] {1, Float.NaN}));
      assertThatExceptionOfType(SaliencyRefusedException.class)
          .isThrownBy(() -> Target.of(new NDList(infinite.get(0).expandDims(0)), 1, 0))
          .withMessage("expected finite scores, found [1.0, NaN]");
    }
  }

  @Test
  void explain_featuresWithThePaddingBaseline_comparesWithZeros() throws Exception {
    try (NDManager manager = Torch.manager()) {
      Block block = JavaClassifier.perceptron(manager);
      RowInputs row = RowInputs.copy(inputs(manager, false, 1), 0);
      try (ExplainedModel model = ExplainedModel.ofBlock(block, Device.cpu(), row)) {
        Explanation padding =
            model.explain(row, Targets.of(block, row), SaliencyMethod.OCCLUSION, Baseline.PADDING);
        Explanation zero =
            model.explain(row, Targets.of(block, row), SaliencyMethod.OCCLUSION, Baseline.ZERO);

        assertThat(padding.baseline()).isEqualTo(Baseline.ZERO);
        assertThat(padding.attribution().parts()).isEqualTo(zero.attribution().parts());
      }
    }
  }

  private static boolean recordsGradients(NDManager manager) {
    NDArray x = manager.create(2f);
    x.setRequiresGradient(true);
    try {
      Autograd.of(manager.getEngine()).gradient(x.mul(3), x);
      return true;
    } catch (EngineException e) {
      return false;
    } catch (SaliencyRefusedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object fail() {
    throw new UnsupportedOperationException();
  }

  private static Block block(NDManager manager, boolean transformer) {
    return transformer ? JavaClassifier.transformer(manager) : JavaClassifier.perceptron(manager);
  }

  private static NDList inputs(NDManager manager, boolean transformer, int rows) {
    return transformer
        ? JavaClassifier.inputs(manager, 5, rows, TOKENS, WIDTH)
        : JavaClassifier.inputs(manager, 5, rows, FEATURES);
  }
}
