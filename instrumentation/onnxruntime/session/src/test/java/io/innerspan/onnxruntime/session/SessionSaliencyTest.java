package io.innerspan.onnxruntime.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.innerspan.signals.saliency.SaliencyMethod;
import io.innerspan.testing.models.Tabular;
import io.innerspan.testing.models.TransformerFixture;
import io.opentelemetry.javaagent.innerspan.bridge.Saliency;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException.Reason;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("oldest-onnxruntime")
class SessionSaliencyTest {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  @TempDir Path folder;

  private final Work work = new Work();
  private final AllExplained sampled = new AllExplained();
  private final LimitedMemory memory = new LimitedMemory();

  @ParameterizedTest
  @EnumSource
  void explain_numbers_partsAddUpToTheScore(SaliencyMethod method) throws Exception {
    ObservedSession session = open(file(Tabular.mlp().bytes()));
    float[] probabilities = run(session, numbers(1), Set.of("probabilities"));

    Saliency saliency = sampled.taken.get(0).explain(method.value(), "padding", memory);

    assertThat(saliency.method()).isEqualTo(method.value());
    assertThat(saliency.baseline()).isEqualTo("zero");
    assertThat(saliency.tokens()).isFalse();
    assertThat(saliency.parts()).hasSize(Tabular.FEATURES);
    assertThat(saliency.score()).isCloseTo(probabilities[saliency.target()], within(1e-6));
    if (method == SaliencyMethod.INTEGRATED_GRADIENTS) {
      assertThat(Arrays.stream(saliency.parts()).sum())
          .isCloseTo(saliency.score() - saliency.baselineScore(), within(2e-3));
    }
    close(session);
    assertThat(memory.taken).isZero();
  }

  @Test
  void explain_afterTheSessionWasClosed_saysSo() throws Exception {
    ObservedSession session = open(file(Tabular.mlp().bytes()));
    run(session, numbers(2), Set.of("probabilities"));
    run(session, numbers(2), Set.of("probabilities"));
    sampled.taken.get(0).explain("occlusion", "zero", memory);
    assertThat(memory.taken).isPositive();
    close(session);

    assertThat(memory.taken).isZero();
    assertThatExceptionOfType(SaliencyMissingException.class)
        .isThrownBy(() -> sampled.taken.get(1).explain("occlusion", "zero", memory))
        .matches(missing -> missing.reason() == Reason.MODEL_CLOSED);
  }

  /** As applications do that load a model from a temporary file: that is no fault of ours. */
  @Test
  void explain_afterTheFileWasDeleted_isNotSupported() throws Exception {
    ObservedSession session = open(file(Tabular.mlp().bytes()));
    run(session, numbers(1), Set.of("probabilities"));
    Files.delete(folder.resolve("model.onnx"));

    assertThatExceptionOfType(SaliencyMissingException.class)
        .isThrownBy(() -> sampled.taken.get(0).explain("occlusion", "zero", memory))
        .withMessageContaining("model.onnx cannot be opened")
        .matches(missing -> missing.reason() == Reason.UNSUPPORTED);
    close(session);
    assertThat(memory.taken).isZero();
  }

  @Test
  void explain_whereTheModelIsTooLarge_isRefused() throws Exception {
    ObservedSession session = open(file(Tabular.mlp().bytes()));
    run(session, numbers(1), Set.of("probabilities"));
    memory.limit = 100;

    assertThatExceptionOfType(SaliencyMissingException.class)
        .isThrownBy(() -> sampled.taken.get(0).explain("occlusion", "zero", memory))
        .matches(missing -> missing.reason() == Reason.MEMORY_LIMIT);
    close(session);
  }

  @Test
  void inferences_thatCannotBeExplained_areRefusedAtOnce() throws Exception {
    ObservedSession inMemory = open(new ModelSource.Array(Tabular.mlp().bytes()));
    run(inMemory, numbers(1), Set.of("probabilities"));
    close(inMemory);
    ObservedSession states = open(file(TransformerFixture.postNorm().bytes()));
    run(states, tokens(1, 2), Set.of("last_hidden_state"));
    close(states);

    assertThat(sampled.taken).isEmpty();
    assertThat(sampled.missing)
        .extracting(Exception::getMessage)
        .containsExactly(
            "expected a model from a file, found one in memory",
            "expected an output of scores, [batch] or [batch, classes], found none");
    assertThat(sampled.missing).allMatch(missing -> missing.reason() == Reason.UNSUPPORTED);
  }

  private ModelSource file(byte[] model) throws Exception {
    return ModelSource.of(Files.write(folder.resolve("model.onnx"), model).toString());
  }

  private ObservedSession open(ModelSource source) throws Exception {
    RecordingModel model = new RecordingModel(Tabular.mlp().bytes(), List.of(), null);
    model.saliency = sampled;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      return new SessionOpener(model, work, folder)
          .open(ENVIRONMENT, source, options, OrtSession.SessionOptions::new, null);
    }
  }

  private static void close(ObservedSession session) throws Exception {
    Closing.close(session);
  }

  /** The first row of the first output. */
  private static float[] run(
      ObservedSession session, Map<String, OnnxTensor> inputs, Set<String> outputs)
      throws Exception {
    try (OrtSession.Result result = session.run(inputs, outputs, null, null)) {
      FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] all = new float[values.remaining()];
      values.get(all);
      return all;
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private static Map<String, OnnxTensor> numbers(int rows) throws Exception {
    float[][] features = new float[rows][Tabular.FEATURES];
    for (float[] row : features) {
      for (int i = 0; i < row.length; i++) {
        row[i] = (i * 5 % 7 - 3) / 2f;
      }
    }
    return Map.of("features", OnnxTensor.createTensor(ENVIRONMENT, features));
  }

  private static Map<String, OnnxTensor> tokens(long... ids) throws Exception {
    long[] mask = new long[ids.length];
    Arrays.fill(mask, 1);
    return Map.of(
        "input_ids",
        OnnxTensor.createTensor(ENVIRONMENT, new long[][] {ids}),
        "attention_mask",
        OnnxTensor.createTensor(ENVIRONMENT, new long[][] {mask}));
  }
}
