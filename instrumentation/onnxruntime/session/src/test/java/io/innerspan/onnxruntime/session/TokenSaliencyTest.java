package io.innerspan.onnxruntime.session;

import static io.innerspan.testing.models.Attributes.integer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.signals.saliency.SaliencyMethod;
import io.innerspan.testing.models.GraphWriter;
import io.innerspan.testing.models.Style;
import io.innerspan.testing.models.Tabular;
import io.innerspan.testing.models.TransformerFixture;
import io.innerspan.testing.models.TransformerFixture.Head;
import io.opentelemetry.javaagent.innerspan.bridge.Saliency;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException.Reason;
import io.opentelemetry.javaagent.innerspan.bridge.TokenEmbedding;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of ONNX models, which start at their embeddings where they can. */
@Tag("oldest-onnxruntime")
class TokenSaliencyTest {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();
  private static final long[] IDS = {3, 8, 2, 5};
  private static final double COMPLETE = 1e-3;

  /** What differences in float32 leave of a score of the order of 1. */
  private static final double ROUNDING = 4e-4;

  /** The relative error of differences in float32 where a score is of the order of 1 to 100. */
  private static final double DIFFERENCES = 2e-4;

  @TempDir Path folder;

  @TempDir Path temporary;

  private final AllExplained sampled = new AllExplained();
  private final LimitedMemory memory = new LimitedMemory();
  private ObservedSession session;

  @AfterEach
  void close() throws Exception {
    Closing.close(session);
    assertThat(memory.taken).isZero();
    assertThat(temporary).isEmptyDirectory();
  }

  static Stream<Arguments> methods() {
    return Stream.of(SaliencyMethod.values())
        .flatMap(
            method ->
                Stream.of("zero", "mean", "padding")
                    .map(baseline -> Arguments.of(method, baseline)));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void explain_aModelWithAClosedForm_givesIt(SaliencyMethod method, String baseline)
      throws Exception {
    SquareOfWords model = new SquareOfWords();
    open(model.bytes());
    float[] score = run("score", IDS);

    Saliency saliency = sampled.taken.get(0).explain(method.value(), baseline, memory);

    assertThat(sampled.occluded).isEmpty();
    assertThat(saliency.method()).isEqualTo(method.value());
    assertThat(saliency.baseline()).isEqualTo(baseline);
    assertThat(saliency.tokens()).isTrue();
    assertThat((double) score[0]).isCloseTo(model.score(IDS), within(1e-4));
    double[] expected = model.parts(method, baseline, IDS);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(saliency.parts()).containsExactly(expected, within(DIFFERENCES * largest));
    if (method == SaliencyMethod.INTEGRATED_GRADIENTS) {
      assertThat(saliency.completenessError()).isLessThan(COMPLETE);
    }
  }

  @ParameterizedTest
  @CsvSource({"false, padding", "false, mean", "true, padding", "true, mean"})
  void explain_aTransformer_isCompleteBetweenItsOwnScores(boolean normFirst, String baseline)
      throws Exception {
    open(classifier().withNormFirst(normFirst).bytes());
    float[] logits = run("logits", 3, 9, 4, 1);
    float[] padding = run("logits", 0, 0, 0, 0);

    Saliency saliency = sampled.taken.get(0).explain("integrated_gradients", baseline, memory);

    assertThat(sampled.occluded).isEmpty();
    assertThat(saliency.score()).isCloseTo(logits[saliency.target()], within(1e-5));
    if (baseline.equals("padding")) {
      assertThat(saliency.baselineScore()).isCloseTo(padding[saliency.target()], within(1e-5));
    }
    double sum = Arrays.stream(saliency.parts()).sum();
    double difference = saliency.score() - saliency.baselineScore();
    assertThat(Math.abs(sum - difference)).isLessThan(COMPLETE * Math.abs(difference));
    assertThat(saliency.completenessError()).isLessThan(COMPLETE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void explain_manyRows_areCompleteButForRounding(boolean normFirst) throws Exception {
    open(classifier().withNormFirst(normFirst).bytes());
    Random random = new Random(11);
    for (int i = 0; i < 20; i++) {
      run("logits", random.longs(5, 1, TransformerFixture.VOCABULARY).toArray());
      Saliency saliency = sampled.taken.get(i).explain("integrated_gradients", "padding", memory);
      double difference = saliency.score() - saliency.baselineScore();
      double missing = Math.abs(Arrays.stream(saliency.parts()).sum() - difference);
      assertThat(missing).isLessThan(Math.max(ROUNDING, COMPLETE * Math.abs(difference)));
    }
  }

  @Test
  void explain_byOcclusionWithPadding_replacesEachId() throws Exception {
    open(classifier().bytes());
    float[] logits = run("logits", IDS);

    Saliency saliency = sampled.taken.get(0).explain("occlusion", "padding", memory);

    isOccluded(saliency, logits, IDS);
    assertThat(sampled.occluded).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"QDQ", "DYNAMIC"})
  void explain_aQuantisedModel_saysWhyAndOccludes(String linear) throws Exception {
    Style style = Style.POST_NORM.with(Style.Linear.valueOf(linear));
    open(classifier().with(style).bytes());
    float[] logits = run("logits", IDS);

    Saliency saliency = sampled.taken.get(0).explain("integrated_gradients", "zero", memory);

    isOccluded(saliency, logits, IDS);
    assertThat(sampled.occluded).hasSize(1);
    assertThat(sampled.occluded.get(0)).startsWith("quantised: ").contains("QuantizeLinear");
  }

  @Test
  void explain_aRowThatIsTooLong_occludesIt_andShorterOnesNot() throws Exception {
    open(classifier().bytes());
    long[] many = new long[SampledTokens.MOST_INTEGRATED + 1];
    Arrays.setAll(many, i -> 1 + i % (TransformerFixture.VOCABULARY - 1));
    float[] logits = run("logits", many);
    run("logits", IDS);
    run("logits", many);

    memory.limit = 1 << 24;
    Saliency before = sampled.taken.get(0).explain("integrated_gradients", "padding", memory);
    Saliency shorter = sampled.taken.get(1).explain("integrated_gradients", "padding", memory);
    Saliency after = sampled.taken.get(2).explain("integrated_gradients", "padding", memory);

    isOccluded(before, logits, many);
    assertThat(shorter.method()).isEqualTo("integrated_gradients");
    isOccluded(after, logits, many);
    assertThat(sampled.occluded)
        .containsExactly(
            "expected at most 128 tokens, found 129", "expected at most 128 tokens, found 129");
  }

  @Test
  void explain_whereTheEngineRefusesTheChangedModel_occludes() throws Exception {
    sampled.embedding = any -> with(any, any.tensor(), new byte[] {1, 2, 3});
    open(classifier().bytes());
    float[] logits = run("logits", IDS);

    Saliency saliency = sampled.taken.get(0).explain("integrated_gradients", "zero", memory);

    isOccluded(saliency, logits, IDS);
    assertThat(sampled.occluded).hasSize(1);
    assertThat(sampled.occluded.get(0)).startsWith("ONNX Runtime refuses the changed model: ");
  }

  @Test
  void explain_whereTheChangedModelFails_occludes() throws Exception {
    sampled.embedding = any -> with(any, "logits", any.appended());
    open(classifier().bytes());
    float[] logits = run("logits", IDS);
    run("logits", IDS);

    isOccluded(sampled.taken.get(0).explain("integrated_gradients", "zero", memory), logits, IDS);
    isOccluded(sampled.taken.get(1).explain("integrated_gradients", "zero", memory), logits, IDS);

    assertThat(sampled.occluded)
        .containsExactly("logits: expected [1, tokens, width], found [1, 3]");
  }

  @Test
  void explain_whereThereIsNoRoomForEmbeddings_isRefused() throws Exception {
    byte[] model = classifier().bytes();
    open(model);
    run("logits", IDS);
    memory.limit = model.length + 100;

    assertThatExceptionOfType(SaliencyMissingException.class)
        .isThrownBy(() -> sampled.taken.get(0).explain("integrated_gradients", "zero", memory))
        .matches(missing -> missing.reason() == Reason.MEMORY_LIMIT);
    assertThat(memory.taken).isEqualTo(model.length);
  }

  @Test
  void explain_whenMemoryRunsOut_isNotCaught_andTheApplicationRunsOn() throws Exception {
    sampled.embedding =
        any -> {
          throw new OutOfMemoryError("Java heap space");
        };
    open(classifier().bytes());
    float[] logits = run("logits", IDS);

    assertThatExceptionOfType(OutOfMemoryError.class)
        .isThrownBy(() -> sampled.taken.get(0).explain("integrated_gradients", "zero", memory));
    assertThat(run("logits", IDS)).isEqualTo(logits);
  }

  @Test
  void explain_whenTheEngineHasNoMemoryLeft_saysThatMemoryRanOut() throws Exception {
    open(hungryForPadding());
    float[] score = run("score", IDS);

    assertThatExceptionOfType(OutOfMemoryError.class)
        .isThrownBy(() -> sampled.taken.get(0).explain("integrated_gradients", "zero", memory))
        .withMessageStartingWith("ONNX Runtime: ");
    assertThat(run("score", IDS)).isEqualTo(score);
  }

  /** Its score takes more memory than there are addresses for where an id is 0. */
  private static byte[] hungryForPadding() {
    GraphWriter graph = new GraphWriter("hungry", 13, DataType.FLOAT, 1, "");
    graph.input("input_ids", DataType.INT64, "1", Integer.toString(IDS.length));
    String padding = graph.node("Equal", List.of("input_ids", graph.longs(0)));
    String flags = graph.node("Cast", List.of(padding), integer("to", DataType.INT64.getNumber()));
    String axes = graph.longs(0, 1);
    String count = graph.node("ReduceSum", List.of(flags, axes), integer("keepdims", 0));
    String many = graph.node("Mul", List.of(count, graph.longs(1L << 46)));
    String size = graph.node("Add", List.of(many, graph.longs(1)));
    String ones = graph.node("Expand", List.of(graph.scalar(1), size));
    String sum = graph.node("ReduceSum", List.of(ones, graph.longs(0)));
    graph.named("score", "Reshape", List.of(sum, graph.longs(1, 1)));
    graph.output("score", DataType.FLOAT, "1", "1");
    return graph.model().toByteArray();
  }

  @Test
  void explain_afterTheSessionWasClosed_saysSo() throws Exception {
    open(classifier().bytes());
    run("logits", IDS);
    run("logits", IDS);
    sampled.taken.get(0).explain("integrated_gradients", "padding", memory);
    session.close();

    assertThatExceptionOfType(SaliencyMissingException.class)
        .isThrownBy(() -> sampled.taken.get(1).explain("integrated_gradients", "zero", memory))
        .matches(missing -> missing.reason() == Reason.MODEL_CLOSED);
  }

  private static TransformerFixture classifier() {
    return TransformerFixture.postNorm().withHead(Head.CLASSIFIER);
  }

  private static TokenEmbedding with(TokenEmbedding embedding, String tensor, byte[] appended) {
    return new TokenEmbedding(
        tensor, embedding.edits(), appended, embedding.maskInput(), embedding.valuesInput());
  }

  /** Checks a few tokens against the model itself. */
  private void isOccluded(Saliency saliency, float[] logits, long[] ids) throws Exception {
    assertThat(saliency.method()).isEqualTo("occlusion");
    assertThat(saliency.baseline()).isEqualTo("padding");
    assertThat(saliency.parts()).hasSize(ids.length);
    for (int i = 0; i < Math.min(ids.length, IDS.length); i++) {
      long[] without = ids.clone();
      without[i] = 0;
      float[] other = run("logits", without);
      assertThat(saliency.parts()[i])
          .isCloseTo(logits[saliency.target()] - other[saliency.target()], within(1e-5));
    }
  }

  private void open(byte[] bytes) throws Exception {
    Path file = Files.write(folder.resolve("model.onnx"), bytes);
    RecordingModel model = new RecordingModel(Tabular.mlp().bytes(), List.of(), null);
    model.saliency = sampled;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      session =
          new SessionOpener(model, new Work(), temporary)
              .open(
                  ENVIRONMENT,
                  ModelSource.of(file.toString()),
                  options,
                  OrtSession.SessionOptions::new,
                  null);
    }
  }

  /** The only row of an output. */
  private float[] run(String output, long... ids) throws Exception {
    long[] mask = new long[ids.length];
    Arrays.fill(mask, 1);
    Map<String, OnnxTensor> inputs = new HashMap<>();
    inputs.put("input_ids", OnnxTensor.createTensor(ENVIRONMENT, new long[][] {ids}));
    if (!output.equals("score")) {
      inputs.put("attention_mask", OnnxTensor.createTensor(ENVIRONMENT, new long[][] {mask}));
    }
    try (OrtSession.Result result = session.run(inputs, Set.of(output), null, null)) {
      FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] all = new float[values.remaining()];
      values.get(all);
      return all;
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }
}
